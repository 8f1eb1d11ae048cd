"""What fresh readings say to the rules that watch their streams: columns in, a few pairs of rule and stream out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from devices.models import Device
from devices.selectors.watches import Watches, WatchRule
from devices.states import OF_SPANS, Kind, Verdict, is_code, signals, verdicts
from devices.telemetry.batch import Floats, Ints
from kernel.geo import LonLat, distance_m


@dataclass(frozen=True, slots=True)
class Series:
    """Readings as columns, sorted by stream, then moment.

    Attributes:
        ts: microseconds since 1970.
        value: NaN where the reading is a word; ``text`` has it by row.
    """

    stream: Ints
    ts: Ints
    value: Floats
    text: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Before:
    """The newest reading of each stream before a series: sorted by stream; NaN where there is no good number."""

    stream: Ints
    ts: Ints
    value: Floats


@dataclass(frozen=True, slots=True)
class Judged:
    """What the series of one stream says to one rule; columns of one length.

    Attributes:
        rows: of the series.
        begins: since when it is so, microseconds since 1970.
    """

    rule: WatchRule
    stream: int
    device: int
    rows: Ints
    moments: Ints
    verdicts: NDArray[np.int8]
    begins: Ints


Pair = tuple[int, int]
"""Keys of a rule and a stream."""


def judged(watches: Watches, series: Series, before: Before, open_pairs: Collection[Pair]) -> Iterator[Judged]:
    """The pairs to which something can happen: a reading says that it is wrong, or it was so before.

    Cost: columns; one query where a rule asks how far a device has moved and its readings are positions.
    """
    row, pair = _expanded(watches, series)
    if not len(row):
        return
    is_first = np.append(True, pair[1:] != pair[:-1])
    rule, ts = watches.rule[pair], series.ts[row]
    last, last_ts = _previous(series, before, row, is_first)
    kind = watches.kind[rule]
    value = _read(watches, series, row, pair)
    signal = signals(kind, watches.is_turned[rule], value, ts, last, last_ts)
    said = verdicts(signal, watches.on[rule], watches.off[rule])
    begins = np.where(np.isin(kind, OF_SPANS), last_ts, ts)
    starts = np.flatnonzero(is_first)
    ends = np.append(starts[1:], len(row))
    is_hot = np.maximum.reduceat(said, starts) == Verdict.RAISE
    may_be_open = np.isin(watches.stream[pair[starts]], [stream for _rule, stream in open_pairs])
    for n in np.flatnonzero(is_hot | may_be_open).tolist():
        at, one = pair[starts[n]], watches.rules[rule[starts[n]]]
        if is_hot[n] or (one.pk, int(watches.stream[at])) in open_pairs:
            part = slice(starts[n], ends[n])
            stream, device = int(watches.stream[at]), int(watches.device[at])
            yield Judged(one, stream, device, row[part], ts[part], said[part], begins[part])


def _expanded(watches: Watches, series: Series) -> tuple[Ints, Ints]:
    """Each row as often as rules watch its stream: rows of the series and of the pairs, sorted by pair, then row."""
    low, high = (np.searchsorted(watches.stream, series.stream, side) for side in ("left", "right"))
    times = high - low
    row = np.repeat(np.arange(len(series.stream)), times)
    pair = np.repeat(low - np.cumsum(times) + times, times) + np.arange(len(row))
    order = np.lexsort((row, pair))
    return row[order], pair[order]


def _previous(series: Series, before: Before, row: Ints, is_first: NDArray[np.bool_]) -> tuple[Floats, Ints]:
    """The reading before each one in its stream."""
    at = np.searchsorted(before.stream, series.stream[row])
    value = np.where(is_first, before.value[at], np.append(np.nan, series.value[row[:-1]]))
    ts = np.where(is_first, before.ts[at], np.append(0, series.ts[row[:-1]]))
    return value, ts


def _read(watches: Watches, series: Series, row: Ints, pair: Ints) -> Floats:
    """The number of each row for its rule: of codes whether it is one, of positions how far from home."""
    value = series.value[row].copy()
    rule = watches.rule[pair]
    for place in np.unique(rule[watches.kind[rule] == Kind.CODE]).tolist():
        here = rule == place
        value[here] = is_code(value[here], watches.rules[place].codes)
    if series.text:
        _read_words(watches, series, row, pair, value)
    return value


def _read_words(watches: Watches, series: Series, row: Ints, pair: Ints, value: Floats) -> None:
    said = [(n, series.text[at]) for n, at in enumerate(row.tolist()) if at in series.text]
    rules = [watches.rules[watches.rule[pair[n]]] for n, _word in said]
    device = [int(watches.device[pair[n]]) for n, _word in said]
    homes = _homes({one for one, rule in zip(device, rules, strict=True) if rule.kind is Kind.MOVED})
    for (n, word), rule, one in zip(said, rules, device, strict=True):
        if rule.kind is Kind.CODE:
            value[n] = float(word in rule.codes)
        elif rule.kind is Kind.MOVED and one in homes:
            value[n] = _distance(word, homes[one])


def _homes(devices: Collection[int]) -> dict[int, LonLat]:
    """Where devices stand by the registry, EPSG:4326."""
    if not devices:
        return {}
    return {pk: (geom.x, geom.y) for pk, geom in Device.objects.filter(pk__in=devices).values_list("pk", "geom")}


def _distance(word: str, home: LonLat) -> float:
    """Metres from ``home`` to a position written "lon,lat" (EPSG:4326); NaN where it is none."""
    try:
        lon, lat = (float(part) for part in word.split(","))
    except ValueError:
        return float("nan")
    return distance_m((lon, lat), home) if -180 <= lon <= 180 and -90 <= lat <= 90 else float("nan")
