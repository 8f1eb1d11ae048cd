"""Who looks at which point: one lease a person, for ten minutes, and nobody waits for anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import BigIntegerField, Func, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from imagery import sql
from imagery.models import ChangePoint
from imagery.querysets import REVIEWERS, PointQuerySet
from imagery.selectors.facts import own_facts
from imagery.selectors.queue import QueueFilter, in_order, queue_rows
from imagery.states import QUEUE, State
from imagery.states.points import NOT_FIRST, SCENES
from kernel import clock
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.geo import LonLat
from kernel.viewer import Viewer
from kernel.writing import require

LEASE = dt.timedelta(minutes=10)
"""Without a sign of life the point is anybody's again (the table of moves of issue 6)."""

AHEAD = 3
"""How many further points a page fetches before they are asked for (issue 6)."""

_LOOKED_UP = 50
"""How many of the next are tried at once: more than there are people who ask in the same moment."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What somebody was given to look at.

    Attributes:
        point: None when nothing is left.
        ahead: keys of the points that would come next; nobody holds them.
    """

    point: int | None
    ahead: tuple[int, ...]
    until: dt.datetime | None


@transaction.atomic
def point_claim_next(
    *, by: Viewer, asked: QueueFilter, near: LonLat | None = None, skip: Collection[int] = ()
) -> Claimed:
    """Give ``by`` the next point that nobody else holds, and free what ``by`` held before.

    Rows that others are just taking are passed over, so that nobody waits; a point is never given to two.

    Args:
        by: a reviewer.
        asked: what of the queue.
        near: the nearest of there first (degrees, EPSG:4326); without it the highest priority.
        skip: keys of points that ``by`` does not want now.

    Raises:
        NotSignedIn, Forbidden: ``by`` is none.

    Cost: five queries.
    """
    _reviewer(by)
    now = clock.now()
    _freed(by)
    free = queue_rows(by, asked).free_for(by, now)
    passed = list(skip)
    while keys := list(in_order(free.exclude(pk__in=passed), near).values_list("pk", flat=True)[:_LOOKED_UP]):
        point = _first_unlocked(free, keys)
        if point is not None:
            after = keys.index(point.pk) + 1
            return Claimed(point.pk, tuple(keys[after : after + AHEAD]), _held(by, point, now))
        passed += keys
    return Claimed(None, (), None)


@transaction.atomic
def point_claim(*, by: Viewer, point_id: int) -> Claimed:
    """Give ``by`` one point by name; who holds it already keeps it for another ten minutes (a sign of life).

    Raises:
        NotSignedIn, Forbidden: ``by`` is no reviewer, or has given the first verdict.
        NotFound: there is none that ``by`` may see.
        Conflict: code "claimed": somebody else holds it; "no_such_move": nobody has to look at it; "no_scenes": a scene
            of it is withdrawn, the queue leaves it out.
    """
    _reviewer(by)
    now = clock.now()
    # With what ``by`` holds, by key: two who change places would wait for each other
    rows = ChangePoint.objects.visible_to(by).filter(Q(pk=point_id) | Q(claimed_by=by.user_id)).order_by("pk")
    rows = rows.select_related("run__before", "run__after").select_for_update(of=("self",))
    point = next((one for one in rows if one.pk == point_id), None)
    if point is None:
        raise NotFound(_("没有这个图斑，或者您不能看。"))
    if point.state not in QUEUE:
        raise Conflict(_("这个图斑已经不在待核查之列。"), code="no_such_move")
    if point.state == State.SECOND_REVIEW and point.first_by_id == by.user_id:
        raise Forbidden(gettext(NOT_FIRST.text), code=NOT_FIRST.code)
    if not SCENES.holds(own_facts(by, point, now)):
        raise Conflict(gettext(SCENES.text), code=SCENES.code)
    is_theirs = point.claimed_by_id not in (None, by.user_id)
    if is_theirs and point.claim_until is not None and point.claim_until > now:
        raise Conflict(_("别人正在看这个图斑。"), code="claimed")
    if point.claimed_by_id != by.user_id:
        _freed(by)
    return Claimed(point.pk, (), _held(by, point, now))


@transaction.atomic
def point_release(*, by: Viewer) -> None:
    """Free what ``by`` holds.

    Raises:
        NotSignedIn, Forbidden: ``by`` is no reviewer.
    """
    _reviewer(by)
    _freed(by)


def _reviewer(by: Viewer) -> None:
    require(by, *REVIEWERS)
    sql.hold_reviewer(by.user_id or 0)


def _first_unlocked(rows: PointQuerySet, keys: list[int]) -> ChangePoint | None:
    """Lock the first of ``keys`` that is still one of ``rows`` and that nobody else is just taking.

    Two steps, since PostgreSQL 15 cannot lock what an index hands out by distance ("attempted to lock invisible
    tuple": rows that wait there for their turn lose their place in the table).
    """
    place = Func(Value(keys, ArrayField(BigIntegerField())), "pk", function="array_position")
    return rows.filter(pk__in=keys).order_by(place).select_for_update(of=("self",), skip_locked=True).first()


def _freed(by: Viewer) -> None:
    ChangePoint.objects.filter(claimed_by=by.user_id).update(claimed_by=None, claim_until=None)


def _held(by: Viewer, point: ChangePoint, now: dt.datetime) -> dt.datetime:
    until = now + LEASE
    ChangePoint.objects.filter(pk=point.pk).update(claimed_by=by.user_id, claim_until=until)
    return until
