"""Shapes of what is sent: one for each move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from dispatch.states import Check, ReasonCode, machine

MOST_BULK = 100
"""Orders of one request that does the same with several: two pages of the console."""


class OrderMoveInput(serializers.Serializer):
    """``version`` as it was read; without it the move is done whichever version is there."""

    version = serializers.IntegerField(required=False, min_value=1)


def _text(most: int) -> serializers.CharField:
    return serializers.CharField(required=False, max_length=most, trim_whitespace=True)


def _key() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, min_value=1)


class OrderAssignInput(OrderMoveInput):
    """A unit, and who or which crew of it."""

    unit = _key()
    assignee = serializers.IntegerField(required=False, min_value=1, allow_null=True)
    crew = serializers.IntegerField(required=False, min_value=1, allow_null=True)


class HandBackInput(OrderMoveInput):
    """Why, and what on the map shows it; ``lonlat`` is the place that the evidence speaks of, EPSG:4326."""

    reason = _text(500)
    evidence = _text(500)
    lonlat = serializers.ListField(child=serializers.FloatField(), required=False, min_length=2, max_length=2)

    def validate_lonlat(self, value: list[float]) -> tuple[float, float]:
        """Degrees."""
        lon, lat = value
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise serializers.ValidationError("lon, lat")
        return lon, lat


class ArbitrateInput(OrderMoveInput):
    """The binding unit, and why."""

    unit = _key()
    reason = _text(500)


class OrderAskInput(OrderMoveInput):
    """What the reporter is asked."""

    question = _text(500)


class ForwardInput(OrderMoveInput):
    """To whom outside, why, and until when they promised."""

    agency = _text(60)
    reason = _text(500)
    agency_due_on = serializers.DateField(required=False)


class SubmitInput(OrderMoveInput):
    """The reply; numbers of photos and documents that were uploaded before, or the reason why there are none."""

    reply = _text(4000)
    reason_code = serializers.ChoiceField([code.value for code in ReasonCode], required=False, allow_blank=True)
    photos = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=9)
    documents = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=9)


class OrderReasonInput(OrderMoveInput):
    """Why."""

    reason = _text(500)


class ApproveInput(OrderMoveInput):
    """What was looked at: every check of the list."""

    checklist = serializers.ListField(child=serializers.ChoiceField([one.value for one in Check]), required=False)


class ChildInput(OrderMoveInput):
    """A further unit, and what it is to do."""

    unit = _key()
    title = _text(80)


class ExtendInput(OrderMoveInput):
    """How many working days more, and why."""

    workdays = serializers.IntegerField(required=False, min_value=1, max_value=60)
    reason = _text(500)


class GrantInput(OrderMoveInput):
    """Fewer working days than were asked for, and a note; both optional."""

    workdays = serializers.IntegerField(required=False, min_value=1, max_value=60)
    note = serializers.CharField(required=False, max_length=500, allow_blank=True)


class SuperviseInput(OrderMoveInput):
    """What the unit must do, and within how many working days it must answer."""

    text = _text(1000)
    workdays = serializers.IntegerField(required=False, min_value=1, max_value=60)


INPUTS: Mapping[str, type[OrderMoveInput]] = {
    **{move.name: OrderMoveInput for move in machine.moves},
    "assign": OrderAssignInput,
    "hand_back": HandBackInput,
    "arbitrate": ArbitrateInput,
    "ask": OrderAskInput,
    "forward": ForwardInput,
    "submit": SubmitInput,
    "send_back": OrderReasonInput,
    "approve": ApproveInput,
    "cancel": OrderReasonInput,
    "child": ChildInput,
    "extend": ExtendInput,
    "grant": GrantInput,
    "refuse": OrderReasonInput,
    "supervise": SuperviseInput,
    "urgent": OrderReasonInput,
    "not_urgent": OrderReasonInput,
}
"""By move. What a move needs says the machine, not the shape: its refusal is the one that people understand."""


class OrdersBulkInput(serializers.Serializer):
    """The same move on several orders."""

    move = serializers.ChoiceField(sorted(INPUTS))
    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=MOST_BULK)
    fields = serializers.DictField(required=False)  # type: ignore[assignment]


class SupervisionAnswerInput(serializers.Serializer):
    """What the unit has done."""

    text = serializers.CharField(max_length=1000, allow_blank=True)


def fields_of(move: str, data: Any) -> dict[str, Any]:
    """What was sent with a move, checked and without unknown names.

    Raises:
        ValidationError: something is of the wrong kind; answered in the one error shape.
    """
    body = INPUTS[move](data=data)
    body.is_valid(raise_exception=True)
    unknown = sorted(set(data) - set(body.fields))
    if unknown:
        raise serializers.ValidationError({unknown[0]: ["unknown field"]})
    return dict(body.validated_data)
