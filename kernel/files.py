"""Who may open a file that an app shows under conditions of its own.

``media`` keeps photos and documents and knows who may open them as such; that the project of a photo is not public is
known to ``projects`` alone, which therefore has a say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kernel.registry import Registry
from kernel.viewer import Viewer

FileKind = Literal["photo", "document"]


@dataclass(frozen=True, slots=True)
class FileRule:
    """One app's word about files.

    Attributes:
        shows: whether the app shows the file (its kind and primary key) to the viewer; None when it is not the app's.
    """

    key: str
    shows: Callable[[Viewer, FileKind, int], bool | None]


file_rules: Registry[FileRule] = Registry("file rule")
