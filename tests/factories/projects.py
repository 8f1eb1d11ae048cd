"""Projects for tests. Each function makes one row; what it hangs on is made when missing."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import Point

from accounts.models import Unit
from kernel.search import search_text
from media.models import Document, Photo, State
from places.models import Place
from projects.models import Attachment, Category, Indicator, Notice, Progress, Project, ProjectPhoto
from tests.factories import places

JUNE = dt.date(2026, 6, 1)


def category(key: str = "pipe", title: str = "供水管网", **fields: Any) -> Category:
    """A category; a second call returns the same."""
    more = {"title": title, "title_en": key.title(), "icon": key, "search_text": search_text(title), **fields}
    return Category.objects.get_or_create(key=key, defaults=more)[0]


def indicator(key: str = "laid", title: str = "管道铺设率", **fields: Any) -> Indicator:
    """An indicator; a second call returns the same."""
    more = {"title": title, "title_en": key.title(), **fields}
    return Indicator.objects.get_or_create(key=key, defaults=more)[0]


def unit(code: str = "water", county: str = places.COUNTY, name: str = "县水利局") -> Unit:
    """A unit of the county; a second call returns the same."""
    places.county(county)
    more = {"name": name, "name_en": f"{code} bureau"}
    return Unit.objects.get_or_create(county_id=county, code=code, defaults=more)[0]


def project(village: Place | None = None, name: str = "荷塘村供水管网改造", **fields: Any) -> Project:
    """A published project under construction in the middle of ``village`` (default 荷塘村)."""
    village = village or places.village()
    county = village.county_id
    defaults: dict[str, Any] = {
        "county_id": county,
        "category": fields.pop("category", None) or category(),
        "owner_unit": fields.pop("owner_unit", None) or unit(county=county),
        "village": village,
        "stage": "construction",
        "status": "normal",
        "search_text": search_text(name),
        "contractor": "第一施工队",
        "supervision_phone": "0572-0123 0001",
        "geom": Point(*places.lonlat(village.pk), srid=4326),
        **fields,
    }
    villages = defaults.pop("villages", [village])
    made = Project.objects.create(name=name, **defaults)
    made.villages.set(villages)
    return made


def progress(
    project: Project,
    month: dt.date = JUNE,
    actual: float | None = 62,
    planned: float = 70,
    place: Place | None = None,
    by: Indicator | None = None,
    **fields: Any,
) -> Progress:
    """One month of one indicator at one place (default: 管道铺设率 at the project's village)."""
    return Progress.objects.create(
        project=project,
        indicator=by or indicator(),
        place=place or project.village,
        month=month,
        planned=Decimal(str(planned)),
        actual=None if actual is None else Decimal(str(actual)),
        **fields,
    )


def photo(county: str = places.COUNTY, **fields: Any) -> Photo:
    """A row of a published photo without files."""
    defaults: dict[str, Any] = {
        "sha256": secrets.token_hex(32),
        "original_name": "IMG_0001.jpg",
        "original_path": "none",
        "content_type": "image/jpeg",
        "size": 1000,
        "width": 1600,
        "height": 1200,
        "alt": "沟槽里的蓝色供水管",
        "state": State.PUBLISHED,
    }
    return Photo.objects.create(county_id=county, **(defaults | fields))


def project_photo(project: Project, taken_on: dt.date = JUNE, **fields: Any) -> ProjectPhoto:
    """A published photo of ``project``, taken in its village."""
    shot = fields.pop("photo", None) or photo(project.county_id)
    defaults = {"village": project.village, "caption": "管道铺设现场"} | fields
    return ProjectPhoto.objects.create(project=project, photo=shot, taken_on=taken_on, **defaults)


def notice(project: Project, title: str = "环境影响报告公示", **fields: Any) -> Notice:
    """A published notice."""
    defaults = {"published_on": JUNE, "body": "公示期五天。"} | fields
    return Notice.objects.create(project=project, title=title, **defaults)


def attachment(notice: Notice, title: str = "环境影响报告", **fields: Any) -> Attachment:
    """A document of ``notice``, without a file."""
    document = Document.objects.create(
        county_id=notice.project.county_id,
        sha256=secrets.token_hex(32),
        name=f"{title}.pdf",
        path="none",
        content_type="application/pdf",
        size=2048,
    )
    return Attachment.objects.create(notice=notice, document=document, title=title, **fields)
