"""Orders find their unit or their crew by the county's rules, without a person."""

from __future__ import annotations

from dispatch.models import RoutingDecision, RoutingRule, WorkOrder
from dispatch.selectors.nearest import crew_search, crews_with
from dispatch.selectors.routing import (
    Matter,
    crews_said,
    government_of,
    matter_of,
    rule_for,
    rule_said,
    rules_in_force,
    told,
    unit_said,
)
from dispatch.services import news
from dispatch.services.moves import order_move
from dispatch.states import SYSTEM
from kernel import clock
from kernel.viewer import Viewer
from records.services import history_append


def order_send(*, by: Viewer, order: WorkOrder) -> WorkOrder:
    """Give an opened order to the unit or the crew that the rules find; else it stays as it was.

    Call it where ``order_route`` may be called.
    """
    decision = order_route(by=by, order=order)
    if decision is None or decision.unit_id is None:
        return order
    given = {"unit": decision.unit_id, "crew": decision.crew_id}
    return order_move(by=by, order_id=order.pk, move="assign", part=SYSTEM, **given)


def order_route(*, by: Viewer, order: WorkOrder) -> RoutingDecision | None:
    """Decide who does an order; ``order_send`` then assigns it, in this transaction.

    Call it inside the transaction that opened the order or holds its lock. Where a rule asks for a crew, the rows of
    all crews with the skill are locked until it ends, in the order of their keys: two orders at once never take the
    last place of one crew, and never wait for each other.

    Returns:
        None: no rule fits, or all crews are still busy: nothing new to say, a person may assign. A decision without
        a unit: there is nobody to give it to, and people have been told.

    Cost: two queries and those of the choice, see ``crew_search``; a history event where nobody is free.
    """
    rules = rules_in_force(order.county_id)
    matter = matter_of(order, rules)
    rule = rule_for(rules, matter)
    if rule is None:
        return None
    decision = RoutingDecision(order=order, rule=rule, at=clock.now())
    if rule.skill:
        return _to_crew(by, decision, rule, matter)
    decision.unit = rule.unit or government_of(order)
    decision.why = told([rule_said(rule, matter), unit_said(decision.unit, rule.unit is None)])
    return _kept(decision)


def _to_crew(by: Viewer, decision: RoutingDecision, rule: RoutingRule, matter: Matter) -> RoutingDecision | None:
    order = decision.order
    # Other writers of a crew (somebody moves it on the map) wait; a person who assigns it does not, for a foreign key
    # locks less than this.
    crews = crews_with(order.county_id, rule.skill, rule.unit_id).select_for_update(of=("self",), no_key=True)
    search = crew_search(order.county_id, crews, (order.geom.x, order.geom.y), decision.at)
    decision.why = told([rule_said(rule, matter), *crews_said(search, rule)], search.ways)
    if not search.ways:
        return _escalate(by, decision)
    first = search.ways[0]
    decision.crew, decision.unit = first.crew, first.crew.unit
    decision.distance_m, decision.by_road = round(first.metres, 1), first.by_road
    return _kept(decision)


def _kept(decision: RoutingDecision) -> RoutingDecision:
    decision.save(force_insert=True)
    return decision


def _escalate(by: Viewer, decision: RoutingDecision) -> RoutingDecision | None:
    """No crew is free: the order becomes urgent and people are told, once."""
    order, rule = decision.order, decision.rule
    if RoutingDecision.objects.filter(order=order, rule=rule, unit=None).exists():
        return None
    _kept(decision)
    order.is_urgent, order.version, order.updated_at = True, order.version + 1, decision.at
    data = {"skill": rule.skill if rule else "", "decision": decision.pk}
    states = (order.state, order.state)
    event = history_append(by=by, obj=order, move="escalate", part=SYSTEM, states=states, data=data)
    order.save(update_fields=["is_urgent", "version", "updated_at"])
    news.tell(by, order, event)
    news.tell_nobody_free(by, order, event, decision)
    return decision
