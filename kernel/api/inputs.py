"""What all shapes of bodies that are sent have in common."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import empty
from rest_framework.settings import api_settings

from kernel.choices import not_among


class StrictSerializer(serializers.Serializer):
    """Refuses members that it does not know: a typing error in a name must not lose what was meant.

    Who chooses what is not there hears what is: the words of the choices and of the field (``label``), with the codes.
    """

    def run_validation(self, data: Any = empty) -> Any:
        """The checked members; the base class has only English words for a body that is ``null``."""
        if data is None and self.parent is None:
            raise serializers.ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [_("请求里没有内容。")]})
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        """The checked members."""
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({str(min(map(str, unknown)))[:60]: [_("没有这一项。")]})
        try:
            return super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(_in_words(self.fields, error.detail)) from None


def _in_words(fields: Any, detail: Any) -> dict[str, Any]:
    """What is wrong by field, with that of choices in the words that people see."""
    return {name: _of_field(name, fields.get(name), wrong) for name, wrong in detail.items()}


def _of_field(name: str, field: Any, wrong: Any) -> Any:
    if isinstance(field, serializers.ListField) and isinstance(wrong, dict):
        return {at: _of_field(name, field.child, one) for at, one in wrong.items()}
    if not isinstance(field, serializers.ChoiceField) or [one.code for one in wrong] != ["invalid_choice"]:
        return wrong
    given: dict[str, Any] = getattr(field, "_kwargs", {})  # "label" itself is made of the name where nobody gave one
    words = {str(code): title for code, title in field.choices.items()}
    return [ErrorDetail(str(not_among(name, words, words, given.get("label", "")).message), "invalid_choice")]
