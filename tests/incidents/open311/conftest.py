"""A county with kinds that ask questions, and a key."""

from __future__ import annotations

import pytest

from accounts import services
from kernel.viewer import Viewer
from tests.factories import incidents, places

QUESTIONS = {
    "type": "object",
    "required": ["pole"],
    "properties": {
        "pole": {
            **{"type": "string", "title": "灯杆编号", "description": "杆上的蓝牌"},
            **{"maxLength": 20, "propertyOrder": 1},
        },
        "lamps": {"type": "integer", "title": "几盏", "minimum": 1, "maximum": 99, "propertyOrder": 2},
        "since": {"type": "string", "format": "date-time", "title": "从什么时候起"},
        "more": {"type": "string", "title": "还有什么", "maxLength": 400},
        "kind": {
            **{"type": "string", "title": "怎么了", "title_en": "What is wrong"},
            **{"enum": ["off", "blinks"], "enumNames": ["不亮", "闪"], "enumNames_en": ["Out", "Blinks"]},
        },
        "days": {"type": "array", "title": "哪几天", "items": {"enum": ["一", "二", "三"]}},
        "danger": {"type": "boolean", "title": "有没有危险"},
        "hint": {"type": "string", "title": "路灯归城管管", "readOnly": True},
    },
}


@pytest.fixture
def village(village):
    """The village of the app's tests; the lamp lies in a group and asks questions."""
    group = incidents.category("city", title="城市管理", title_en="City", words="")
    lamp = incidents.category("lamp")
    lamp.parent, lamp.attributes, lamp.description = group, QUESTIONS, "路灯不亮、闪烁、倾斜"
    lamp.save()
    return village


@pytest.fixture
def key(village) -> str:
    """A key that may send reports."""
    return services.api_key_create(by=Viewer(places.COUNTY, label=services.COMMAND_LINE), label="热线")[1]
