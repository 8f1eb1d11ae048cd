"""A registry that is filled in ``AppConfig.ready()`` and only read afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    """Anything with a key."""

    @property
    def key(self) -> str:
        """The name under which it is registered."""
        ...


T = TypeVar("T", bound=Keyed)


class Registry(Generic[T]):
    """Values by key, iterated by ``order`` (100 where they have none) and then by key."""

    def __init__(self, what: str) -> None:
        """Make an empty registry; ``what`` names its values in error messages."""
        self.what = what
        self._items: dict[str, T] = {}

    def add(self, item: T) -> T:
        """Register ``item`` and return it.

        Raises:
            ValueError: another value has the same key.
        """
        if self._items.setdefault(item.key, item) is not item:
            raise ValueError(f"{self.what} {item.key!r} is declared twice")
        return item

    def remove(self, key: str) -> None:
        """Take a value out again (for tests that declare one of their own)."""
        del self._items[key]

    def get(self, key: str) -> T | None:
        """The value of ``key``, or None."""
        return self._items.get(key)

    def __getitem__(self, key: str) -> T:
        """The value of ``key``; KeyError when there is none."""
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        """Whether ``key`` is registered."""
        return key in self._items

    def __iter__(self) -> Iterator[T]:
        """All values by order, then key."""
        return iter(sorted(self._items.values(), key=lambda item: (getattr(item, "order", 100), item.key)))

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._items)
