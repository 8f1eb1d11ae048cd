"""The life of an alarm against a second, slow way of saying it; what each kind of rule makes of readings."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from devices.states import (
    MOVES,
    Kind,
    Limits,
    Pace,
    Phase,
    Standing,
    Verdict,
    is_falling,
    limits,
    passed,
    signals,
    walked,
)
from devices.states import verdicts as judge

SPAN = 120


def brute(readings, raise_s, clear_s, until):
    """Second by second: wrong for ``raise_s`` without a break is an alarm, right for ``clear_s`` is its end."""
    wrong, history, alarm, changes = False, [], False, []
    for second in range(until + 1):
        held = history[max(0, second - (clear_s if alarm else raise_s)) :]
        long_enough = len(held) == (clear_s if alarm else raise_s) and all(one != alarm for one in held) and held
        if long_enough:
            alarm = not alarm
            changes.append((second, alarm))
        verdict = readings.get(second, Verdict.HOLD)
        wrong = {Verdict.RAISE: True, Verdict.CLEAR: False, Verdict.HOLD: wrong}[verdict]
        if wrong != alarm and (clear_s if alarm else raise_s) == 0:
            alarm = not alarm
            changes.append((second, alarm))
        history.append(wrong)
    return changes


def changes_of(steps):
    """When an alarm was raised and cleared."""
    marks = {(Phase.PENDING, Phase.ACTIVE): True, (Phase.CLEARING, Phase.OK): False}
    return [(step.at, marks[step.frm, step.to]) for step in steps if (step.frm, step.to) in marks]


def walk_in_parts(pace, rows, until, rng):
    """The same readings in batches of any size, with a look at the clock between them or none."""
    standing, steps = Standing(), []

    def take(found):
        nonlocal standing
        steps.extend(found)
        if found:
            standing = Standing(found[-1].to, found[-1].at)

    while rows:
        size = rng.randint(1, 5)
        part, rows = rows[:size], rows[size:]
        moments, said = zip(*part, strict=True)
        take(walked(standing, pace, moments, said, moments))
        if rng.random() < 0.5:
            take(passed(standing, pace, rng.randint(moments[-1], rows[0][0] if rows else until)))
    take(passed(standing, pace, until))
    return steps


def test_a_thousand_random_series_agree_with_brute_force_in_whatever_parts_they_come():
    rng, raised = random.Random(17), 0
    for _ in range(1000):
        raise_s, clear_s = rng.choice([0, 0, 5, 20]), rng.choice([0, 0, 5, 20])
        seconds = sorted(rng.sample(range(SPAN), rng.randint(1, 25)))
        rows = [(second, rng.choice(list(Verdict))) for second in seconds]
        expected = brute(dict(rows), raise_s, clear_s, SPAN)
        steps = walk_in_parts(Pace(raise_s, clear_s), rows, SPAN, rng)
        assert changes_of(steps) == expected, (raise_s, clear_s, rows)
        raised += len(expected)
    assert raised > 1000


def test_noise_between_the_thresholds_is_one_alarm():
    rng = random.Random(3)
    value = np.array([1.0, *(rng.uniform(1.6, 2.4) for _ in range(500)), 1.4])
    ts = np.arange(len(value)) * 1_000_000
    one = limits(Kind.ABOVE, 2.0, 1.5)
    said = judge(value, np.full(len(value), one.on), np.full(len(value), one.off))
    assert (value > 2).sum() > 100
    steps = walked(Standing(), Pace(), ts.tolist(), said.tolist(), ts.tolist())
    assert [mark for _at, mark in changes_of(steps)] == [True, False]


def test_every_phase_but_the_record_is_entered_and_left():
    entered = {to for (_frm, _said), to in MOVES.items()}
    assert entered == {Phase.PENDING, Phase.OK, Phase.CLEARING, Phase.ACTIVE}


def test_the_same_value_is_stuck_by_readings_alone():
    """Silence is no reading: time does not raise it, however long."""
    pace = Pace(100, 0, by_clock=False)
    steps = walked(Standing(), pace, [60], [Verdict.RAISE], [0])
    assert [step.to for step in steps] == [Phase.PENDING]
    assert walked(Standing(), Pace(50, 0, by_clock=False), [60], [Verdict.RAISE], [0])[-1].to == Phase.ACTIVE
    standing = Standing(Phase.PENDING, 0)
    assert passed(standing, pace, 10_000) == []
    assert walked(standing, pace, [120], [Verdict.CLEAR], [120])[0].to == Phase.OK
    assert walked(standing, pace, [120], [Verdict.RAISE], [60])[0].to == Phase.ACTIVE


R, H, C = Verdict.RAISE, Verdict.HOLD, Verdict.CLEAR
HOUR = 3_600_000_000
SAID = [
    (Kind.ABOVE, 2, 1, [2, 1.5, 1, 0.5], [R, H, H, C]),
    (Kind.ABOVE, 2, None, [2, 1.999], [R, C]),
    (Kind.BELOW, 6, 6.2, [6, 6.1, 6.3, -1], [R, H, C, R]),
    (Kind.RATE, 1.5, 0.5, [0, 1.5, 2.5, 2.6, -9], [H, R, H, C, C]),
    (Kind.RATE, -1.5, 0.5, [9, 7.5, 7.0, 9], [H, R, H, C]),
    (Kind.STUCK, 7200, None, [1, 1, 1, 2], [H, R, R, C]),
    (Kind.MOVED, 20, 10, [0, -21, 15, 5], [C, R, H, C]),
    (Kind.ABOVE, 2, 1, [math.nan], [H]),
]


@pytest.mark.parametrize(("kind", "on", "off", "values", "expected"), SAID)
def test_what_each_kind_makes_of_hourly_readings(kind, on, off, values, expected):
    value, n = np.array(values, float), len(values)
    ts = np.arange(n) * HOUR
    before, before_ts = np.append(np.nan, value[:-1]), np.append(0, ts[:-1])
    signal = signals(np.full(n, kind.value), np.full(n, is_falling(kind, on)), value, ts, before, before_ts)
    one = limits(kind, on, off)
    assert isinstance(one, Limits)
    assert judge(signal, np.full(n, one.on), np.full(n, one.off)).tolist() == expected
