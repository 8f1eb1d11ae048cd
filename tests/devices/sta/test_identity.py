"""Numbers of readings: each names one, and those that devices usually send stay exact in JavaScript."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.sta.identity import SPAN, moment_of, observation_key, observation_number

SECOND = 1_000_000
LAST = 2**32 * SECOND - 1


@given(st.integers(1, 3 * SPAN - 1), st.integers(0, LAST).map(lambda us: us // SECOND * SECOND) | st.integers(0, LAST))
def test_there_and_back(stream: int, us: int) -> None:
    assert observation_key(observation_number(stream, us)) == (stream, us)


@given(st.integers(-5, 2**80))
def test_a_number_names_one_reading_or_none(number: int) -> None:
    key = observation_key(number)
    assert key is None or observation_number(*key) == number


@pytest.mark.parametrize(("us", "below"), [(LAST // SECOND * SECOND, 2**53), (LAST // 1000 * 1000, 2**63)])
def test_the_first_streams_of_each_class_have_small_numbers(us: int, below: int) -> None:
    assert observation_number(2 * SPAN + 233_015, us) < below < observation_number(233_018, us)


def test_moments_are_exact() -> None:
    assert moment_of(1_782_784_800_123_457).microsecond == 123_457
