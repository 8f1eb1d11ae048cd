"""Rules that a county starts with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from devices.models import AlarmRule, DeviceType
from devices.states import DEFAULT_RULES, DefaultRule, Kind


def rules_default(county: str) -> int:
    """Give a county the rules that it does not have yet, for the kinds of device that there are; how many were made.

    A rule that the county has changed or switched off stays as it is.
    """
    there = set(DeviceType.objects.values_list("pk", flat=True))
    known = {(r.type_id, r.key, r.kind): r for r in AlarmRule.objects.filter(county=county, device=None)}
    made = 0
    for one in DEFAULT_RULES:
        if one.type in there and (one.type, one.key, one.kind) not in known:
            counts = known.get((one.type, one.counts, Kind.ABOVE))
            known[one.type, one.key, one.kind] = AlarmRule.objects.create(**_columns(one, county, counts))
            made += 1
    return made


def _columns(one: DefaultRule, county: str, counts: AlarmRule | None) -> dict[str, Any]:
    columns = {name: value for name, value in asdict(one).items() if name not in ("type", "basis")}
    return {**columns, "type_id": one.type, "county_id": county, "counts": counts}
