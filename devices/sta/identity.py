"""Whole numbers that name what has no number of its own.

A reading is named by its stream and its moment. Both are packed into one number, so that nothing has to be stored or
counted, and the number never names another reading. A moment of whole seconds takes the least room:

    number = ((n * 3 + class) << BITS[step] | moment in steps) * 3 + step

where a stream's own number is ``class * SPAN + n`` (docs/adr/0016) and the step is the coarsest of second, millisecond
and microsecond that says the moment. Numbers of whole seconds stay below 2^53, which JavaScript still counts exactly,
for the first 233,016 streams of each class; those of milliseconds below 2^63 for as many.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db.models import BigIntegerField, Expression, F, Func

STEPS = (1_000_000, 1_000, 1)
"""Microseconds in a step."""

BITS = (32, 42, 52)
"""Of a moment in such steps since 1970: until the years 2106, 2109 and 2112."""

CLASSES = 3
SPAN = 500_000_000
"""How many numbers of streams a retention class has."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)

_HEX = 10
"""Digits of a digest that make a number: 40 bits, so that a thousand words collide once in two million times."""


def observation_number(stream: int, us: int) -> int:
    """The number of a reading; ``us`` are microseconds since 1970-01-01T00:00Z."""
    step = next(step for step, size in enumerate(STEPS) if us % size == 0)
    kept, n = divmod(stream, SPAN)
    return ((n * CLASSES + kept) << BITS[step] | us // STEPS[step]) * len(STEPS) + step


def observation_key(number: int) -> tuple[int, int] | None:
    """Stream and microseconds of the reading that ``number`` names; None when it can name none."""
    rest, step = divmod(number, len(STEPS))
    packed, moment = rest >> BITS[step], rest & ((1 << BITS[step]) - 1)
    n, kept = divmod(packed, CLASSES)
    stream, us = kept * SPAN + n, moment * STEPS[step]
    known = number >= 0 and n < SPAN and stream < 2**31
    return (stream, us) if known and observation_number(stream, us) == number else None


def microseconds(moment: dt.datetime) -> int:
    """A moment as microseconds since 1970-01-01T00:00Z."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(us: int) -> dt.datetime:
    """The moment so many microseconds after 1970-01-01T00:00Z."""
    return _EPOCH + us * _MICROSECOND


def word_number(word: str) -> int:
    """The number of a kind of device or of an observed property, which are named by words."""
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest()[:_HEX], 16)


def word_number_of(column: str) -> Expression:
    """``word_number`` of a column, in the database."""
    template = f"('x' || substr(md5(%(expressions)s), 1, {_HEX}))::bit({4 * _HEX})::bigint"
    return Func(F(column), template=template, output_field=BigIntegerField())
