"""How every write of dispatch finds what it works on, and what it takes from outside."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from dispatch import sql
from dispatch.models import Crew, WorkOrder
from dispatch.selectors import orders_of
from kernel.errors import Invalid, NotFound, NotSignedIn
from kernel.viewer import Role, Viewer

M = TypeVar("M", bound=models.Model)


def matter_hold(source: str, source_id: str) -> None:
    """Whoever works on a matter or on one of its orders holds it first, to the end of the transaction.

    A move of an order writes to what it is for, and the other way round: without one common first lock the two would
    wait for each other. A source calls this before it locks rows of its own.
    """
    sql.hold(f"matter {source} {source_id}")


def order_locked(by: Viewer, order_id: int, part: str = "") -> WorkOrder:
    """The order, locked until the transaction ends, and its matter held.

    Raises:
        NotSignedIn: nobody is signed in, and it is not the product itself.
        NotFound: there is none that ``by`` may see.
    """
    if not (by.is_signed_in or part):
        raise NotSignedIn(_("请先登录。"))
    rows = orders_of(by, part)
    matter = rows.filter(pk=order_id).values_list("source", "source_id").first()
    if matter is not None:
        matter_hold(*matter)
        # "No key": who works on a matter of several parts may name the order meanwhile, and is waited for further on
        found = rows.select_for_update(of=("self",), no_key=True).filter(pk=order_id).first()
        if found is not None:
            return found
    raise NotFound(_("没有这张工单，或者您不能看。"))


def bounded(model: type[models.Model], column: str, text: str, name: str = "") -> str:
    """``text`` where it is no longer than the column takes.

    Raises:
        Invalid: it is; ``name`` is what the API calls the column.
    """
    most = model._meta.get_field(column).max_length  # type: ignore[union-attr]
    if most is not None and len(text) > most:
        raise Invalid(_("最多 %d 个字。") % most, code="too_long", field=name or column)
    return text


def unit_known(order: WorkOrder, unit: Unit | int) -> Unit:
    """A unit of the order's county that is in use.

    Raises:
        Invalid: it is none.
    """
    key = unit.pk if isinstance(unit, Unit) else unit
    return _known(Unit.objects.filter(county_id=order.county_id, is_active=True), key, "unit", _("没有这个单位。"))


def crew_known(unit: Unit, crew: Crew | int | None) -> Crew | None:
    """A crew of the unit that is in use.

    Raises:
        Invalid: it is none.
    """
    if crew is None:
        return None
    key = crew.pk if isinstance(crew, Crew) else crew
    return _known(Crew.objects.filter(unit=unit, is_active=True), key, "crew", _("这个单位没有这个班组。"))


def assignee_known(unit: Unit, user: User | int | None) -> User | None:
    """Somebody of the unit, or a grid manager of the county, who works on orders.

    Raises:
        Invalid: it is nobody of these.
    """
    if user is None:
        return None
    key = user.pk if isinstance(user, User) else user
    people = User.objects.filter(county_id=unit.county_id, is_active=True)
    workers = people.filter(models.Q(role=Role.HANDLER, unit=unit) | models.Q(role=Role.GRID_MANAGER))
    return _known(workers, key, "assignee", _("这个单位没有这位经办人。"))


def lead_of(order: WorkOrder) -> int:
    """The unit that has the order, in states in which one has it."""
    if order.lead_unit_id is None:
        raise RuntimeError(f"order {order.pk} is {order.state} and has no unit")
    return order.lead_unit_id


def _known(rows: models.QuerySet[M], key: int, field: str, said: str) -> M:
    found = rows.filter(pk=key).first()
    if found is None:
        raise Invalid(said, code=f"unknown_{field}", field=field)
    return found
