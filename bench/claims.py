"""Who looks at which point: sixteen reviewers who all ask for the next one at the same moment, 500 times.

On the demo's database; points and reviewers are made for it and removed again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from accounts.models import User
from bench.registry import Bench, Row, add
from imagery import services
from imagery.models import ChangePoint
from imagery.selectors.queue import QueueFilter
from imagery.states import State
from kernel.viewer import Role, Viewer
from places.models import County

POINTS, THREADS, TIMES = 5_927, 16, 500
"""Source: the specification, "Reach"; 5,927 suspected points were one county's."""

_PATIENCE_S = 300.0
_NAME = "bench-claims-"


@contextmanager
def _county() -> Iterator[list[Viewer]]:
    """A queue of exactly so many points more, and who reviews them."""
    county = County.objects.filter(is_demo=True).earliest("code")
    pattern = ChangePoint.objects.filter(county=county, state=State.QUEUED).earliest("pk")
    highest = ChangePoint.objects.filter(county=county).latest("number").number
    columns = {field.attname: getattr(pattern, field.attname) for field in ChangePoint._meta.fields}
    free = {"claimed_by_id": None, "claim_until": None, "group_id": None, "flag": "", "flag_until": None}
    rows = [
        ChangePoint(**{**columns, **free, "id": None, "number": highest + at, "priority": 2 + 1 / at})
        for at in range(1, POINTS + 1)
    ]
    about = {"role": Role.OFFICIAL.value, "county": county}
    try:
        people = [User.objects.create(username=f"{_NAME}{at}", **about) for at in range(THREADS)]
        ChangePoint.objects.bulk_create(rows, batch_size=1000)
        yield [
            Viewer(county.pk, role=Role.OFFICIAL, user_id=one.pk, jurisdiction=(county.pk,), label="bench")
            for one in people
        ]
    finally:
        ChangePoint.objects.filter(county=county, number__gt=highest).delete()
        User.objects.filter(username__startswith=_NAME).delete()


def _claimed(people: list[Viewer]) -> list[list[int | None]]:
    """What each round gave to whom: all ask at the same moment, and again when all have theirs.

    Raises:
        RuntimeError: somebody's claim failed.
    """
    found: list[list[int | None]] = [[] for _round in range(TIMES)]
    broken: list[BaseException] = []
    together = threading.Barrier(len(people))

    def asks(by: Viewer) -> None:
        try:
            for one in found:
                together.wait(_PATIENCE_S)
                one.append(services.point_claim_next(by=by, asked=QueueFilter()).point)
        except BaseException as error:
            together.abort()
            broken.append(error)
        finally:
            connections.close_all()

    working = [threading.Thread(target=asks, args=(by,)) for by in people]
    for one in working:
        one.start()
    for one in working:
        one.join()
    if broken:
        raise RuntimeError("a claim failed") from broken[0]
    return found


def run() -> list[Row]:
    """Claim, and count who was given what another had."""
    with _county() as people:
        begun = time.monotonic()
        found = _claimed(people)
        took = (time.monotonic() - begun) * 1000 / (THREADS * TIMES)
        held = ChangePoint.objects.filter(claimed_by__in=[one.user_id for one in people]).count()
    twice = sum(THREADS - len(set(one) - {None}) for one in found)
    said = f"{THREADS * TIMES:,} claims by {THREADS} threads on {POINTS:,} points; {took:.1f} ms each by the clock"
    return [
        Row("points given to two at once, or to nobody, and one", twice + 1, 1, 1, note=said),
        Row("leases at the end, for each reviewer", held / THREADS, 1, 1, note=f"{held} for {THREADS}"),
    ]


add(Bench("claims", "Who looks at which point", "the stated reach (no point is given to two)", run))
