"""The benches by name, and what one reports."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        what: the workload, in a few words.
        product_ms: CPU per request, server and database together.
        limit_ms: CPU per run of what it is measured against.
        allowed: how many times the limit's CPU the product may take …
        fixed_ms: … on top of what a request costs that finds nothing, measured in the same run.
        note: what else one should know (bytes, number of rows).
    """

    what: str
    product_ms: float
    limit_ms: float
    allowed: float
    fixed_ms: float = 0.0
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times the limit's CPU the product takes."""
        return self.product_ms / self.limit_ms if self.limit_ms else float("inf")

    @property
    def passes(self) -> bool:
        """Whether the product stays within what is allowed."""
        return self.product_ms <= self.allowed * self.limit_ms + self.fixed_ms


@dataclass(frozen=True)
class Bench:
    """A named measurement: what it tells, and the function that makes its rows."""

    key: str
    title: str
    against: str
    run: Callable[[], list[Row]]


BENCHES: dict[str, Bench] = {}


def add(bench: Bench) -> None:
    """Register a bench.

    Raises:
        ValueError: when there is one of that name.
    """
    if bench.key in BENCHES:
        raise ValueError(f"two benches named {bench.key}")
    BENCHES[bench.key] = bench
