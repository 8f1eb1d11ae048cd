"""Shapes of what is sent to the review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from imagery.models import FINDING_TITLES, KIND_TITLES, VERDICT_TITLES
from imagery.services.batches import MOST
from imagery.services.groups import BY_ORDER
from imagery.states import BY_HAND, DECISIVE, Verdict, machine
from kernel.api.inputs import StrictSerializer

VERDICTS = [(one.value, title) for one, title in VERDICT_TITLES.items() if one is not Verdict.UNDO]
BATCH_VERDICTS = [(one.value, VERDICT_TITLES[one]) for one in DECISIVE]
KINDS = [(one.value, title) for one, title in KIND_TITLES.items()]
FINDINGS = [(one.value, title) for one, title in FINDING_TITLES.items()]
BY_ORDERS = [(move.name, _(move.title)) for move in machine.moves if move.name in BY_ORDER]
MOST_KEY = 2**63 - 1


def _key(**more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MOST_KEY, **more)


class LonLatField(serializers.ListField):
    """[lon, lat] in degrees, EPSG:4326."""

    child = serializers.FloatField()

    def __init__(self, **more: Any) -> None:
        """Two numbers; the schema tells it."""
        super().__init__(min_length=2, max_length=2, **more)

    def to_internal_value(self, data: Any) -> Any:
        """The position, on the earth."""
        given = super().to_internal_value(data)
        # The base class counts only after this
        if len(given) != 2 or not (-180 <= given[0] <= 180 and -90 <= given[1] <= 90):
            raise serializers.ValidationError(_("位置要写成 [经度, 纬度]，单位是度。"))
        return tuple(given)


class NextInput(StrictSerializer):
    """Which point is wanted; ``filter`` by name as the queue takes them in its address."""

    filter = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=600), required=False)
    near = LonLatField(required=False)
    skip = serializers.ListField(child=_key(), required=False, max_length=200)


class ReviewInput(StrictSerializer):
    """A verdict. ``version`` is the one that was read; ``seconds`` from the pictures on the screen to the key.

    ``until``: of `defer`, the last day on which nobody is offered the point.
    """

    client_id = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    verdict = serializers.ChoiceField(VERDICTS, label=_("结论"))
    kind = serializers.ChoiceField(KINDS, label=_("类型"), required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=20)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    confidence = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=3)
    seconds = serializers.FloatField(required=False, allow_null=True, min_value=0)
    wants_check = serializers.BooleanField(required=False)
    until = serializers.DateField(required=False, allow_null=True)


class UndoInput(StrictSerializer):
    """The id of the taking back; ``review`` without it the viewer's last verdict."""

    client_id = serializers.UUIDField()
    review = _key(required=False)


class GroupReviewInput(StrictSerializer):
    """The same verdict on all points of a group that wait; ``batch`` is the id of them all."""

    batch = serializers.UUIDField()
    verdict = serializers.ChoiceField(BATCH_VERDICTS, label=_("结论"))
    kind = serializers.ChoiceField(KINDS, label=_("类型"), required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=20)
    dry_run = serializers.BooleanField(required=False)


class ReviewBatchInput(GroupReviewInput):
    """The same verdict on several points; ``batch`` is the id of them all."""

    ids = serializers.ListField(child=_key(), min_length=1, max_length=MOST)


class GroupPointsInput(StrictSerializer):
    """Some points."""

    ids = serializers.ListField(child=_key(), min_length=1, max_length=MOST)


class GroupInput(GroupPointsInput):
    """Points that are one project; ``project`` is the key of its source ("projects:17")."""

    title = serializers.CharField(max_length=80)
    project = serializers.CharField(required=False, allow_blank=True, max_length=40)


class GroupOrderInput(StrictSerializer):
    """The unit that is sent; without it the rules of dispatch say."""

    unit = _key(required=False)


class GroupRefuseInput(StrictSerializer):
    """Why it is not put right."""

    note = serializers.CharField(max_length=200)


class GroupRecallInput(StrictSerializer):
    """Which order is taken back; without it that of the field check."""

    move = serializers.ChoiceField(BY_ORDERS, label=_("撤回的工单"), required=False)


class BatchUndoInput(StrictSerializer):
    """The batch that is taken back."""

    batch = serializers.UUIDField()


class PointMoveInput(StrictSerializer):
    """``version`` as it was read; without it the move is done whichever version is there."""

    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class PointNoteInput(PointMoveInput):
    """Why."""

    note = serializers.CharField(required=False, max_length=200)


class PointDuplicateInput(PointMoveInput):
    """Number of the earlier point."""

    original = _key(required=False)


class PointOrderInput(PointMoveInput):
    """The unit that is sent; without it the rules of dispatch say."""

    unit = _key(required=False)


class PointFindInput(PointMoveInput):
    """What it is; ``document`` is the number of an upload that says so."""

    finding = serializers.ChoiceField(FINDINGS, label=_("结果"), required=False)
    document = _key(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


INPUTS: Mapping[str, type[PointMoveInput]] = {
    **dict.fromkeys(BY_HAND, PointMoveInput),
    **dict.fromkeys(("uphold", "overrule", "refuse", "reopen"), PointNoteInput),
    **dict.fromkeys(("check", "rectify"), PointOrderInput),
    "duplicate": PointDuplicateInput,
    "find": PointFindInput,
}
"""By move. What a move needs says the machine, not the shape: its refusal is the one that people understand."""


class CheckInput(StrictSerializer):
    """Somebody was there: when, where ([lon, lat], EPSG:4326) and how exactly, and what it is as they saw it."""

    client_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    lonlat = LonLatField()
    accuracy_m = serializers.FloatField(min_value=0, max_value=99_999)
    finding = serializers.ChoiceField(FINDINGS, label=_("结果"))
    kind = serializers.ChoiceField(KINDS, label=_("类型"), required=False, allow_blank=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ShotInput(StrictSerializer):
    """The form of a photo from the spot; ``check`` is the ``client_id`` of its field check, which may come later."""

    client_id = serializers.UUIDField()
    check = serializers.UUIDField()
    azimuth = serializers.FloatField(min_value=0, max_value=360, help_text="degrees clockwise from north")
    taken_at = serializers.DateTimeField()
    sha256 = serializers.RegexField("^[0-9a-fA-F]{64}$")
    lon = serializers.FloatField(required=False, help_text="where it was taken, EPSG:4326; with `lat`")
    lat = serializers.FloatField(required=False)
    accuracy_m = serializers.FloatField(required=False, min_value=0, max_value=99_999)
    file = serializers.FileField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A position is both of its numbers."""
        if ("lon" in attrs) != ("lat" in attrs):
            raise serializers.ValidationError({"lon": "lon, lat"})
        return attrs


def read(shape: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    """What was sent, checked.

    Raises:
        ValidationError: something is wrong; answered in the one error shape.
    """
    body = shape(data=data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
