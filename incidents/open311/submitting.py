"""What a form of Open311 says, as the fields of a report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q, Value
from django.db.models.functions import StrIndex
from django.utils.translation import gettext as _

from incidents.models import Category
from incidents.services import MOST_PHOTOS, Contact, ReportFields
from incidents.services.answers import answers_of
from kernel.errors import Invalid, NotFound
from kernel.geo import LonLat
from kernel.viewer import Viewer
from places.models import Level, Place
from places.selectors import place_get

FIELDS = (
    *("service_code", "lat", "long", "address_string", "address_id", "email", "device_id", "account_id"),
    *("first_name", "last_name", "phone", "description", "media_url"),
)
"""What the standard names, beside ``attribute[…]``, ``api_key`` and ``jurisdiction_id``."""

_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](\[\])?")
_OWN_PHOTO = re.compile(r"/media/p/[0-9a-f]{2}/([0-9a-f]{32})-[a-z]+\.jpg")
_LINK_LONGEST = 500

Form = Mapping[str, Sequence[str]]


def fields_of(viewer: Viewer, category: Category, form: Form, host: str) -> ReportFields:
    """The fields of a report.

    ``device_id`` is taken and not kept: nothing here is done by it, and it would tell who reported.

    Args:
        viewer: at which county.
        category: what ``service_code`` names.
        form: each name with its values.
        host: our own, whose addresses of photos are known.

    Raises:
        Invalid: a field.

    Cost: one query where no coordinates are given.
    """
    text = one(form, "description") or _("经 Open311 反映：%s") % category.title
    photos, links = _media(form.get("media_url", ()), host)
    answers = answers_of(category.attributes, _attributes(form), _field)
    return ReportFields(
        lonlat=_lonlat(viewer, form),
        text=text,
        category=category.code,
        address=one(form, "address_string"),
        photos=photos,
        contact=Contact(_name(form), one(form, "phone"), one(form, "email")),
        attributes=answers,
        links=tuple(links),
    )


def _field(code: str) -> str:
    return f"attribute[{code[:60]}]"


def known(name: str) -> bool:
    """Whether a form may have a field of this name."""
    return name in FIELDS or _ATTRIBUTE.fullmatch(name) is not None


def one(form: Form, name: str) -> str:
    """The value of a field that may be given once, "" for none.

    Raises:
        Invalid: it is given several times.
    """
    values = form.get(name, ())
    if len(values) > 1:
        raise Invalid(_("参数“%s”只能给一次。") % name, field=name)
    return values[0].strip() if values else ""


def _attributes(form: Form) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, values in form.items():
        if named := _ATTRIBUTE.fullmatch(name):
            found.setdefault(named[1], []).extend(values)
    return found


def _name(form: Form) -> str:
    """First and last name as one writes them together: 姓 before 名, without a blank."""
    first, last = one(form, "first_name"), one(form, "last_name")
    return f"{first} {last}".strip() if (first + last).isascii() else last + first


def _media(urls: Sequence[str], host: str) -> tuple[tuple[str, ...], list[str]]:
    """Tokens of photos that were uploaded here before, and the other addresses.

    Those are handed to the desk as they are. The server fetches none: it stands in the county's network, and would
    open for anybody with a key what only it can reach; nor has a photo that somebody else can replace been checked.

    Raises:
        Invalid: no address of the web, or too many.
    """
    tokens, links = [], []
    for url in filter(None, (url.strip() for url in urls)):
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.netloc or len(url) > _LINK_LONGEST:
            raise Invalid(_("media_url 要是 http 或 https 地址，最多 %d 个字符。") % _LINK_LONGEST, field="media_url")
        own = _OWN_PHOTO.fullmatch(parts.path) if parts.netloc == host else None
        if own:
            tokens.append(own[1])
        else:
            links.append(url)
    if len(tokens) + len(links) > MOST_PHOTOS or len(" ".join(links)) > _LINK_LONGEST:
        raise Invalid(_("media_url 太多。"), field="media_url")
    return tuple(tokens), links


def _lonlat(viewer: Viewer, form: Form) -> LonLat:
    """Where it is: by coordinates, else by the code of a place, else by the village that the address names.

    Raises:
        Invalid: nothing of these, or an address that names no village or several.
    """
    lat, long = one(form, "lat"), one(form, "long")
    if lat or long:
        return _degrees(long, "long", 180), _degrees(lat, "lat", 90)
    if code := one(form, "address_id"):
        try:
            return place_get(viewer, code).lonlat
        except NotFound as error:
            raise Invalid(error.message, field="address_id") from error
    if address := one(form, "address_string"):
        return _village(viewer, address)
    raise Invalid(_("请给出位置：lat 和 long，或者 address_string，或者 address_id。"), field="lat")


def _degrees(text: str, name: str, most: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise Invalid(_("%(name)s 要是 -%(most)d 到 %(most)d 之间的数。") % {"name": name, "most": most}, field=name)
    return value


def _village(viewer: Viewer, address: str) -> LonLat:
    """A point inside the only village that an address names; its township tells two of one name apart."""
    said = Value(address)
    rows = Place.objects.visible_to(viewer).filter(level=Level.VILLAGE).select_related("parent")
    rows = rows.annotate(zh=StrIndex(said, "name"), en=StrIndex(said, "name_en")).defer("geom", "parent__geom")
    found = list(rows.filter(Q(zh__gt=0) | Q(en__gt=0) & ~Q(name_en="")))
    longest = max((len(row.name) for row in found), default=0)
    best = [row for row in found if len(row.name) == longest]
    if len(best) > 1:
        best = [row for row in best if row.parent and row.parent.name in address]
    if len(best) != 1:
        said_so = _("从 address_string 里看不出是哪个村。")
        raise Invalid(said_so, field="address_string", hint=_("请写上乡镇和村名，或者给出 lat 和 long。"))
    return float(best[0].center.x), float(best[0].center.y)


def answer_of(number: str, notice: str, account: str) -> list[dict[str, Any]]:
    """What the sender is told."""
    return [{"service_request_id": number, "service_notice": notice, "account_id": account or None}]
