"""Service Discovery: where the interface is, in which formats, and how to get a key."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from incidents.models import Category
from kernel import clock
from kernel.clock import ZONE
from kernel.language import named
from kernel.viewer import Viewer
from layers.models import Change
from places.models import County

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_NEVER = dt.datetime(2000, 1, 1, tzinfo=ZONE)


def discovered(viewer: Viewer, county: County, url: str) -> dict[str, Any]:
    """The discovery document; it changes when the services of the county do. Cost: one query.

    Args:
        viewer: at which county.
        county: likewise.
        url: of the endpoint.
    """
    rows = Change.objects.filter(topic=Category._meta.db_table, county__in=("", viewer.county))
    changed = clock.written(rows.aggregate(at=Max("at"))["at"] or _NEVER)
    endpoint = {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": changed,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    name = named(county.name, county.name_en)
    return {
        "changeset": changed,
        "contact": _("请向%s的系统管理员咨询。") % name,
        "key_service": _("密钥由%s的系统管理员发放；查询不需要密钥。") % name,
        "endpoints": [endpoint],
    }
