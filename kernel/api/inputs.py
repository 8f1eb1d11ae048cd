"""What all shapes of bodies that are sent have in common."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer):
    """Refuses members that it does not know: a typing error in a name must not lose what was meant."""

    def to_internal_value(self, data: Any) -> Any:
        """The checked members."""
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({str(min(map(str, unknown)))[:60]: [_("没有这一项。")]})
        return super().to_internal_value(data)
