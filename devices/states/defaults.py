"""Rules that a county starts with. Where a norm says the number it is named; the rest is a county's to set."""

from __future__ import annotations

from dataclasses import dataclass

from devices.states.alarms import Kind

NOTICE, WARNING, CRITICAL = 1, 2, 3
HOUR_S = 3600
HALF_HOUR_S = 1800
TEN_MINUTES_S = 600


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """A rule of a kind of device; see ``devices.models.AlarmRule``.

    Attributes:
        counts: of VILLAGE: key of the stream whose rule for high values is counted.
        basis: where the numbers are from.
    """

    type: str
    key: str
    kind: Kind
    title: str
    title_en: str
    level: int
    on: float | None = None
    off: float | None = None
    for_s: int = 0
    clear_s: int = 0
    opens_order: bool = False
    workdays: int | None = None
    escalate_s: int | None = None
    storm_n: int | None = None
    counts: str = ""
    basis: str = ""


_WELL = "the pipes of the demonstration county's wells are full at 0.5 m"
_WASTE = "GB 18918-2002, table 1, class 1A"
_AIR = "HJ 633-2012, table 1: heavy pollution, IAQI 200"

DEFAULT_RULES: tuple[DefaultRule, ...] = (
    DefaultRule(
        *("manhole", "level", Kind.ABOVE, "井下水位过高", "Manhole flooding", CRITICAL, 60, 45),
        clear_s=60,
        opens_order=True,
        workdays=1,
        escalate_s=HALF_HOUR_S,
        storm_n=8,
        basis=_WELL,
    ),
    DefaultRule(
        *("manhole", "", Kind.VILLAGE, "多处井盖冒水", "Several manholes flooding", CRITICAL, 5, 3),
        opens_order=True,
        workdays=1,
        counts="level",
        basis="five of one village are a matter of the sewer, not of a well",
    ),
    DefaultRule(
        *("manhole", "tilt", Kind.MOVED, "井盖移位", "Cover moved", WARNING, 20, 10),
        clear_s=60,
        opens_order=True,
        workdays=1,
        basis="a cover that rests on its frame cannot tilt so far",
    ),
    DefaultRule(
        *("smoke", "smoke", Kind.ABOVE, "烟雾报警", "Smoke", CRITICAL, 12.5, 3),
        clear_s=300,
        opens_order=True,
        workdays=1,
        escalate_s=300,
        basis="UL 268: an alarm at 4 %/ft at the latest, which is 12.5 %/m; off at 1 %/ft",
    ),
    DefaultRule(
        *("level", "level", Kind.ABOVE, "水位超警戒", "Water above the warning level", WARNING, 4, 3.6),
        opens_order=True,
        workdays=1,
        basis="warning level of the demonstration county; a county sets its own for each station",
    ),
    DefaultRule(
        *("level", "level", Kind.RATE, "水位上涨过快", "Water rising fast", NOTICE, 0.5, 0.2),
        for_s=TEN_MINUTES_S,
        basis="from the usual level to the warning level within three hours; a wave between two readings is none",
    ),
    DefaultRule(
        *("level", "flow", Kind.STUCK, "流速读数不变", "Velocity stuck", NOTICE, 24 * HOUR_S),
        opens_order=True,
        basis="running water is never the same for a day",
    ),
    DefaultRule(
        *("discharge", "cod", Kind.ABOVE, "化学需氧量超标", "COD above the limit", CRITICAL, 50, 45),
        for_s=HOUR_S,
        clear_s=HOUR_S,
        opens_order=True,
        workdays=3,
        escalate_s=4 * HOUR_S,
        basis=_WASTE,
    ),
    DefaultRule(
        *("discharge", "ammonia", Kind.ABOVE, "氨氮超标", "Ammonia above the limit", WARNING, 5, 4.5),
        for_s=HOUR_S,
        clear_s=HOUR_S,
        opens_order=True,
        workdays=3,
        escalate_s=4 * HOUR_S,
        basis=_WASTE,
    ),
    DefaultRule(
        *("discharge", "ph", Kind.ABOVE, "酸碱度过高", "pH too high", WARNING, 9, 8.8),
        for_s=HOUR_S,
        opens_order=True,
        basis=_WASTE,
    ),
    DefaultRule(
        *("discharge", "ph", Kind.BELOW, "酸碱度过低", "pH too low", WARNING, 6, 6.2),
        for_s=HOUR_S,
        opens_order=True,
        basis=_WASTE,
    ),
    DefaultRule(
        *("air", "pm25", Kind.ABOVE, "细颗粒物重度污染", "Heavy PM2.5 pollution", NOTICE, 150, 115),
        for_s=2 * HOUR_S,
        basis=_AIR,
    ),
    DefaultRule(
        *("air", "pm10", Kind.ABOVE, "可吸入颗粒物重度污染", "Heavy PM10 pollution", NOTICE, 350, 250),
        for_s=2 * HOUR_S,
        basis=_AIR,
    ),
    DefaultRule(
        *("lamp", "power", Kind.STUCK, "路灯功率不变", "Lamp power stuck", NOTICE, 18 * HOUR_S),
        opens_order=True,
        basis="no day and no night is longer: it burns by day, or not at night",
    ),
    DefaultRule(
        *("lamp", "", Kind.OFFLINE, "路灯离线", "Street lamp offline", NOTICE),
        for_s=HALF_HOUR_S,
        opens_order=True,
        storm_n=3,
        basis="one box feeds the lamps of a village: more than three at once are its power",
    ),
    *(
        DefaultRule(
            *(key, "", Kind.OFFLINE, f"{title}离线", f"{title_en} offline", WARNING),
            for_s=HALF_HOUR_S,
            opens_order=True,
            storm_n=3,
            basis="as for lamps",
        )
        for key, title, title_en in (
            ("manhole", "井盖", "Manhole"),
            ("smoke", "烟感", "Smoke detector"),
            ("level", "水位站", "Water level station"),
            ("discharge", "排口", "Outfall monitor"),
            ("air", "空气站", "Air station"),
            ("camera", "摄像机", "Camera"),
        )
    ),
    DefaultRule(
        *("discharge", "flow", Kind.MISSING, "流量缺数", "Flow missing", NOTICE, 4 * HOUR_S),
        opens_order=True,
        basis="four readings in a row",
    ),
)
"""The first rule of a kind, key and sort that a county does not have yet is made (``services.rules_default``)."""
