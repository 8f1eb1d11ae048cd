"""A report comes in: from the public page, from a village agent, from the desk that took a call."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from incidents import selectors, sql
from incidents.models import Category, Report, Reporter, Submission
from incidents.services.answers import answers_of, texts_of
from incidents.services.contacts import Contact, contact_seal
from incidents.services.messages import confirm_ask, tell
from incidents.services.naming import code_hash, new_code, new_number
from incidents.services.photos import attach
from incidents.states import ACCEPT_WITHIN, REPORTER
from incidents.states.masking import title_of
from kernel import clock, sealed
from kernel.cells import public_point, search_cell
from kernel.clock import ZONE
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.geo import LonLat, to_wgs84
from kernel.language import is_english
from kernel.layerspec import layers
from kernel.search import search_text
from kernel.viewer import Role, Viewer
from media.models import Photo
from places.selectors import place_at
from records.selectors import workdays_add
from records.services import history_append

CRS = {"": "EPSG:4326", "wgs84": "EPSG:4326", "gcj02": "GCJ-02", "bd09": "BD-09"}
"""Coordinate systems by the names that web maps and phones use."""

TEXT_LEAST, TEXT_MOST = 4, 2000
END_OF_DAY = dt.time(23, 59, 59)
MOST_ATTRIBUTES = 30
LIKELY = 0.5
"""Confidence from which a report without a kind is filed under the proposed one until somebody has looked at it."""

TRACK_PAGE = "/track/"
"""Where a tracking code leads; the page is the portal's."""


@dataclass(frozen=True, slots=True)
class ReportFields:
    """What is told of a matter.

    Attributes:
        lonlat: as the map or the phone gave it, degrees in the system that ``crs`` names.
        category: code; "" has it proposed by the text.
        photos, documents: what the uploads were answered with.
        asset: layer and id of what on the map it is about, ("", "") for nothing.
        attributes: answers to further questions of the category.
        links: addresses that an Open311 client named instead of photos: shown to staff, never fetched.
    """

    lonlat: LonLat
    text: str
    category: str = ""
    crs: str = ""
    address: str = ""
    photos: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    asset: tuple[str, str] = ("", "")
    confidence: str = Report.Confidence.NAMED
    contact: Contact = field(default_factory=Contact)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the reporter is told, once; ``code`` opens the tracking page and is kept nowhere in the clear."""

    number: str
    code: str
    link: str
    accept_by: str
    status: str


def report_submit(*, by: Viewer, fields: ReportFields, key: str = "", channel: str = "", site: str = "") -> Submitted:
    """Take a report; sent twice with one key it is one report, and the answer is the same.

    Args:
        by: who sends it; anybody.
        fields: what is told.
        key: the client's own key of this sending ("" = none).
        channel: of ``Report.Channel``; "" = by the role of ``by``.
        site: what the address begins with at which an address is confirmed.

    Raises:
        Invalid: a field; code "outside_county" for a place in no place of the county.
        Forbidden: a channel that is not the sender's.
        Conflict: code "key_reused": the key came before with other content.

    Cost: about 20 queries, one transaction.
    """
    if fields.confidence == Report.Confidence.ANONYMOUS and by.has_role(Role.CITIZEN):
        by = Viewer(county=by.county, label=REPORTER)  # not even the account: neither row, history nor audit names it
    with transaction.atomic():
        if not key:
            return _submit(by, fields, channel, site)[1]
        name = selectors.submission_key(by.county, key)
        sql.hold_submission(name)
        content = _digest(fields, channel)
        before = Submission.objects.filter(key=name).first()
        if before is None:
            report, answer = _submit(by, fields, channel, site)
            told = sealed.seal(json.dumps(asdict(answer)))
            Submission.objects.create(key=name, digest=content, report=report, answer=told)
            return answer
        if before.digest != content:
            raise Conflict(_("这个提交编号已经用于另一份内容。"), code="key_reused", hint=_("换一个编号再提交。"))
        return Submitted(**json.loads(sealed.unseal(before.answer)))


def _submit(by: Viewer, fields: ReportFields, channel: str, site: str) -> tuple[Report, Submitted]:
    report = _report(by, fields, _channel(by, channel))
    report.save(force_insert=True)
    code = new_code()
    reporter = Reporter(report=report, code_hash=code_hash(code), language="en" if is_english() else "zh")
    if report.confidence != Report.Confidence.ANONYMOUS:  # who wants to be nobody leaves nothing
        contact_seal(reporter, fields.contact, by=by)
    reporter.save()
    attach(report, fields.photos, fields.documents, part=REPORTER)
    data = {"channel": report.channel, "photos": len(fields.photos), "documents": len(fields.documents)}
    part = "" if by.role and by.role != Role.CITIZEN else REPORTER
    history_append(by=by, obj=report, move="submit", part=part, states=("", report.state), data=data)
    tell(report, "submit", by=by)
    confirm_ask(reporter, by=by, site=site)
    return report, Submitted(
        report.number, code, TRACK_PAGE + code, clock.written(report.accept_by) or "", selectors.status_of(report)
    )


def _report(by: Viewer, fields: ReportFields, channel: str) -> Report:
    text = checked_text(fields.text)
    proposal = selectors.proposal_for(by, text)
    category = selectors.category_named(by, fields.category or _likely(proposal))
    report = Report(county_id=by.county, number=_free_number(by.county), channel=channel, category=category, text=text)
    if fields.confidence not in Report.Confidence.values:
        raise Invalid(_("没有这种保密方式。"), field="confidence")
    report.confidence = fields.confidence
    report.address = checked_line(fields.address, "address", 120)
    report.attributes = _attributes(by, fields, category)
    report.asset_layer, report.asset_id = _asset(fields.asset)
    report.title = title_of(text, selectors.office_numbers(by.county)) or category.title
    report.proposal, report.is_urgent = asdict(proposal), proposal.is_urgent
    report.filed_by_id = by.user_id
    report.accept_by = accept_by(clock.today())
    place_set(report, by, fields.lonlat, fields.crs)
    visibility_set(report)
    report.search_text = search_text(report.title, report.number)[:400]
    return report


def accept_by(day: dt.date) -> dt.datetime:
    """Until when a report that came (or was completed) on ``day`` must be looked at. Cost: one query."""
    return dt.datetime.combine(workdays_add(day, ACCEPT_WITHIN).date, END_OF_DAY, ZONE)


def place_set(report: Report, by: Viewer, lonlat: LonLat, crs: str = "") -> None:
    """Put a report on the map: its point, village and grid. Needs ``visibility_set`` after it. Cost: one query.

    Raises:
        Invalid: an unknown coordinate system; code "outside_county".
    """
    if crs not in CRS:
        raise Invalid(_("坐标系只能是：wgs84、gcj02、bd09。"), field="crs")
    report.crs_source = CRS[crs]
    lon, lat = to_wgs84(lonlat, CRS[crs])
    report.geom = Point(lon, lat, srid=4326)
    try:
        found = place_at(by, lon, lat)
    except NotFound:
        raise Invalid(
            _("这个位置不在本县范围内，我们办不了。"),
            code="outside_county",
            field="lon",
            hint=_("请把图钉拖到本县里；别的县的事请向那里反映。"),
        ) from None
    is_village = len(found.place.code) == 12
    report.village_id = found.place.code if is_village else None
    report.grid_id = found.grid.code if found.grid else None


def visibility_set(report: Report) -> None:
    """What the public sees of the place, and whether it sees the report at all: by category and confidence alone."""
    lonlat = public_point((report.geom.x, report.geom.y), report.category.precision_m)
    report.public_geom = Point(*lonlat, srid=4326)
    report.public_cell = search_cell(lonlat)
    report.is_public = report.is_public and selectors.may_be_public(report)


def checked_text(text: str) -> str:
    """What was written, without blanks around it.

    Raises:
        Invalid: too short to be understood, or too long.
    """
    plain = text.replace("\x00", "").strip()
    if len(plain) < TEXT_LEAST:
        raise Invalid(_("请再说清楚一点：什么地方，什么问题。"), field="text", code="text_too_short")
    if len(plain) > TEXT_MOST:
        raise Invalid(_("内容最多 %d 个字。") % TEXT_MOST, field="text", code="text_too_long")
    return plain


def checked_line(text: str, name: str, longest: int) -> str:
    """One line without control characters.

    Raises:
        Invalid: too long.
    """
    plain = " ".join(text.replace("\x00", "").split())
    if len(plain) > longest:
        raise Invalid(_("这一项最多 %d 个字。") % longest, field=name)
    return plain


def _likely(proposal: selectors.Proposal) -> str:
    guess = proposal.category
    return guess.code if guess and guess.confidence >= LIKELY else selectors.OTHER


def _channel(by: Viewer, asked: str) -> str:
    if by.has_role(Role.VILLAGE_AGENT):
        return Report.Channel.AGENT
    if asked in ("", Report.Channel.WEB):
        return Report.Channel.WEB
    if asked == Report.Channel.PHONE and not by.has_role(Role.DESK):
        raise Forbidden(_("只有受理员可以登记来电。"))
    if asked not in (Report.Channel.PHONE, Report.Channel.OPEN311):
        raise Invalid(_("没有这个来源。"), field="channel")
    return asked


def _attributes(by: Viewer, fields: ReportFields, category: Category) -> dict[str, Any]:
    """Answers to the questions of the kind that was chosen; only who reports for oneself must give all of them."""
    if len(fields.attributes) > MOST_ATTRIBUTES:
        raise Invalid(_("补充的项目太多。"), field="attributes")
    is_staff = bool(by.role) and not by.has_role(Role.CITIZEN)
    schema = category.attributes if fields.category else {}
    answers = answers_of(schema, texts_of(fields.attributes), partial=is_staff)
    return {**answers, **({selectors.LINKS: " ".join(fields.links)} if fields.links else {})}


def _asset(asset: tuple[str, str]) -> tuple[str, str]:
    layer, key = asset
    if not layer:
        return "", ""
    if layer not in layers or not key or len(key) > 40:
        raise Invalid(_("图上没有这个对象。"), field="asset")
    return layer, key


def _free_number(county: str) -> str:
    while True:
        number = new_number()
        if not Report.objects.filter(county_id=county, number=number).exists():
            return number


def _digest(fields: ReportFields, channel: str) -> str:
    """SHA-256 of what was sent; of a photo its content counts, for one that is sent again gets another name."""
    contents = dict(Photo.objects.filter(token__in=fields.photos).values_list("token", "sha256"))
    same = replace(fields, photos=tuple(contents.get(token, token) for token in fields.photos))
    said = json.dumps([asdict(same), channel], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()
