"""Why a run came to nothing, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

Figures = Mapping[str, Any]


def _unread(told: Figures) -> str:
    if "scene" in told:
        return _("影像“%(scene)s”的文件读不出来。") % told
    return _("影像文件 %(name)s 读不出来。") % told


def _few_pixels(told: Figures) -> str:
    return (
        _(
            "两景影像里都有数据的像元只有 %(pixels)d 个，太少，比不出变化："
            "有数据的地方不重叠，或者重叠的地方被云（云掩膜）遮住。"
        )
        % told
    )


WORDS: Mapping[str, Callable[[Figures], str]] = {
    "shift": lambda told: _("两景影像错开 %(px).1f 个像元，超过可以自动校正的 %(most)d 个像元，请先配准。") % told,
    "few_pixels": _few_pixels,
    "no_common_band": lambda told: _("两景影像没有相同的波段：前一景有 %(before)s，后一景有 %(after)s。") % told,
    "no_band": lambda told: _("影像“%(scene)s”没有能用来比对的波段（%(known)s）。") % told,
    "missing": lambda told: _("影像“%(scene)s”的文件不见了。") % told,
    "unreadable": _unread,
    "withdrawn": lambda told: _("影像“%(scene)s”已停用，恢复后可以接着做。") % told,
    "other": lambda told: _("这两景影像不能比对：%(said)s") % told,
    "no_detector": lambda told: _("没有安装检测方法“%(detector)s”的软件包，装好后可以接着做。") % told,
    "cluster_lost": lambda _told: _("计算集群断开了，或者没有计算节点，恢复后可以接着做。"),
    "cluster_unfit": lambda _told: _("计算节点上没有与本机相同的程序和软件包，装好后可以接着做。"),
    "no_executor": lambda _told: _("没有安装计算集群要用的软件包（requirements-dask.txt），装好后可以接着做。"),
    "broken_off": lambda _told: _("比对中断了，可以接着做。"),
}
"""By the codes of ``Fault`` that runs of a county meet, and of what else ends a run."""


def failure_said(code: str, figures: Figures) -> str:
    """The sentence of a code; what is none (a sentence of an older version, nothing) as it is."""
    return WORDS[code](figures) if code in WORDS else code
