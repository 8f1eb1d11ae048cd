"""SQL of alarms: what is held while they are evaluated, what stands, what does not fit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from devices.sql.readings import array


def alarms_open(streams: list[int]) -> list[int]:
    """Keys of the alarms of ``streams`` that are not over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM devices_alarm WHERE cleared_at IS NULL AND stream_id = ANY(%s::int[])", [array(streams)]
        )
        return [int(pk) for (pk,) in cursor.fetchall()]


_COUNTED = """
LEFT JOIN (devices_alarm a JOIN devices_alarmrule r ON r.id = a.rule_id AND r.kind <> 'offline')
ON a.device_id = v.id AND a.cleared_at IS NULL AND a.raised_at IS NOT NULL
AND (a.snoozed_until IS NULL OR a.snoozed_until <= %(now)s)"""
"""What makes the level of a device. That it is silent says its status, in a colour of its own."""

_HELD = "SELECT FROM devices_device WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"

_LEVELS = f"""
WITH w AS MATERIALIZED (
    SELECT v.id, coalesce(max(a.level), 0) AS level FROM devices_device v {_COUNTED}
    WHERE v.id = ANY(%(devices)s::bigint[]) GROUP BY v.id
) UPDATE devices_device d SET alarm = w.level FROM w WHERE d.id = w.id AND d.alarm <> w.level"""
"""Materialised: without statistics of a table that was just filled it would be worked out once for every device."""


def alarm_levels(devices: list[int], held: list[int], now: dt.datetime) -> None:
    """Bring the alarm levels of ``devices`` up to date, after locking the rows ``held``; both ascending."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [array(held)])
        cursor.execute(_LEVELS, {"devices": array(devices), "now": now})


def alarm_levels_all(now: dt.datetime) -> None:
    """Bring the levels of all devices up to date that have one or should: snoozing ends, alarms get worse."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG_LEVELS, {"now": now})
        found = [int(pk) for (pk,) in cursor.fetchall()]
    if found:
        alarm_levels(found, found, now)


_WRONG_LEVELS = f"""
SELECT v.id FROM devices_device v {_COUNTED}
WHERE v.id IN (
    SELECT id FROM devices_device WHERE alarm > 0
    UNION SELECT device_id FROM devices_alarm WHERE cleared_at IS NULL AND device_id IS NOT NULL
) GROUP BY v.id, v.alarm HAVING v.alarm <> coalesce(max(a.level), 0) ORDER BY v.id"""

ALARMS_LOCK = 0x616C61726D  # "alarm" in ASCII: two sweeps at once would raise the same twice


def alarms_lock() -> bool:
    """Whether this transaction is the one that sweeps; until it ends no other is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ALARMS_LOCK])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Seen:
    """Something of which the alarm, or the lack of one, does not fit.

    Attributes:
        alarm: key of the alarm that stands or is pending; None for none.
        is_wrong: whether it is wrong now, since ``begin``.
        value: of a village how many.
    """

    alarm: int | None
    rule: int
    level: int
    for_s: int
    clear_s: int
    county: str
    village: str | None
    device: int | None
    stream: int | None
    is_wrong: bool
    begin: dt.datetime | None
    value: float | None


_SEEN = """
WITH wrong AS (
    SELECT r.id AS rule_id, 'd' || d.id AS subject, d.village_id, d.id AS device_id, NULL::int AS stream_id,
        TRUE AS is_wrong, d.since AS begin, NULL::float8 AS value
    FROM devices_alarmrule r JOIN devices_device d
    ON d.county_id = r.county_id AND d.type_id = r.type_id AND (r.device_id IS NULL OR r.device_id = d.id)
    WHERE r.is_active AND r.kind = 'offline' AND d.status = 'offline'
    UNION ALL
    SELECT r.id, 's' || s.id, d.village_id, d.id, s.id,
        l.ts + coalesce(r.on, s.expected_s) * interval '1 second' < %(before)s AND d.status = 'online',
        l.ts + coalesce(r.on, s.expected_s) * interval '1 second', NULL
    FROM devices_alarmrule r JOIN devices_device d
    ON d.county_id = r.county_id AND d.type_id = r.type_id AND (r.device_id IS NULL OR r.device_id = d.id)
    JOIN devices_datastream s ON s.device_id = d.id AND s.key = r.key JOIN devices_latest l ON l.stream_id = s.id
    WHERE r.is_active AND r.kind = 'missing' AND l.ts + coalesce(r.on, s.expected_s) * interval '1 second' < %(before)s
    UNION ALL
    SELECT r.id, 'v' || a.village_id, a.village_id, NULL, NULL, count(DISTINCT a.device_id) >= r.on, NULL,
        count(DISTINCT a.device_id)
    FROM devices_alarmrule r JOIN devices_alarm a ON a.rule_id = r.counts_id
    WHERE r.is_active AND r.kind = 'village' AND a.phase IN ('active', 'clearing') AND a.device_id IS NOT NULL
        AND a.village_id IS NOT NULL
    GROUP BY r.id, a.village_id HAVING count(DISTINCT a.device_id) >= coalesce(r.off, r.on)
), standing AS (
    SELECT a.id, a.rule_id, a.phase, a.village_id, a.device_id, a.stream_id,
        CASE WHEN a.stream_id IS NOT NULL THEN 's' || a.stream_id
        WHEN a.device_id IS NOT NULL THEN 'd' || a.device_id ELSE 'v' || a.village_id END AS subject
    FROM devices_alarm a JOIN devices_alarmrule r ON r.id = a.rule_id
    WHERE a.cleared_at IS NULL AND r.is_active
    AND (r.kind = 'village' OR r.kind IN ('offline', 'missing') AND a.device_id IS NOT NULL)
)
SELECT a.id, r.id, r.level, r.for_s, r.clear_s, r.county_id, coalesce(w.village_id, a.village_id),
    coalesce(w.device_id, a.device_id), coalesce(w.stream_id, a.stream_id), w.subject IS NOT NULL, w.begin, w.value
FROM wrong w FULL JOIN standing a USING (rule_id, subject) JOIN devices_alarmrule r ON r.id = rule_id
WHERE a.id IS NULL AND w.is_wrong OR a.phase = 'clearing' AND w.is_wrong
    OR w.subject IS NULL AND a.phase IN ('pending', 'active')
ORDER BY r.id, subject"""
"""A stream that is missing and whose device has stopped altogether keeps its alarm and gets no new one; a village with
fewer than raise it keeps its alarm down to the lower threshold."""


def alarms_seen(now: dt.datetime, grace: dt.timedelta) -> list[Seen]:
    """What is silent, missing or too many in a village, where the alarms do not say so yet, or still do."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"before": now - grace})
        return [Seen(*row) for row in cursor.fetchall()]
