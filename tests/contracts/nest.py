"""A report that went through everything, with a canary in every private column of all that hangs on it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.apps import apps
from django.contrib.gis.geos import Point
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction

from accounts.models import ApiKey, InboxItem, User
from devices.models import (
    Alarm,
    AlarmEvent,
    AlarmRule,
    DeadLetter,
    Device,
    DeviceToken,
    Latest,
    Snapshot,
)
from devices.states import Phase
from dispatch.models import Crew, Evidence, RoutingDecision, RoutingRule, Skill, WorkOrder
from imagery.models import (
    ChangeGroup,
    FieldCheck,
    FieldPhoto,
    PublishedPoint,
    RedLine,
    Reranker,
    Review,
    Sighting,
    SuppressionZone,
)
from incidents.models import Attachment, CallBack, Comment, Follower, Rating, Report, Reporter, Submission
from incidents.services import ReportFields, report_submit
from incidents.states import REPORTER
from kernel import clock, sealed
from kernel.cells import public_point
from kernel.viewer import Role
from media.models import Document, Photo
from records.models import OutboxMessage, QuarantinedRow
from records.services import history_append
from tests.factories import devices, facilities, imagery, incidents, media, people, places, projects
from tests.factories import dispatch as make
from tests.incidents import loop

HOME = (loop.HERE[0] + 0.0004567, loop.HERE[1] + 0.0003456)
"""Where somebody lives; the category shows 200 m cells."""

VILLAGE = "990521003007"
OFFICE = "0572-0123 4567"
CODE = "K3W8-9QZT-2M7RX"
TOKEN = "a-key-of-the-sender"
APPS = ("accounts", "devices", "dispatch", "imagery", "incidents", "media", "records")
"""Whose models are planted; what layers hold of the others is the rights matrix' business."""

PUBLIC: dict[str, str] = {
    "accounts.unit": "code name name_en phone",
    "devices.devicetype": "title title_en icon payload topic",
    "devices.device": "code name name_en search_text address address_en crs_source",
    "devices.datastream": "key title title_en observed_property unit",
    "devices.latest": "text",
    "devices.textreading": "text",
    "devices.alarmrule": "key title title_en codes",
    "devices.alarm": "text",
    "dispatch.crew": "weekdays",
    "dispatch.workorder": "source source_id category kind agency level_told",
    "dispatch.reply": "reason_code",
    "imagery.publishedpoint": "name",
    "incidents.category": "code title title_en description description_en icon kind words attributes",
    "incidents.report": "number title public_text crs_source search_text",
    "incidents.reporter": "language code_hash",
    "incidents.follower": "language",
    "incidents.comment": "part public_text",
    "incidents.attachment": "part",
    "incidents.rating": "part",
    "incidents.submission": "key",
    "media.photo": "token content_type alt alt_en redactions",
    "media.document": "token name content_type path",
    "records.outboxmessage": "channel county",
    "records.quarantinedrow": "county",
}
"""Columns that hold nothing private in themselves: names of offices and kinds, states, what moderation lets through. A
column that somebody adds is private until it is named here."""

NOT_PLANTED = {
    **dict.fromkeys(
        ("devices.reading", "devices.rolluphour", "devices.rollupday", "devices.dirtyhour", "devices.seen"),
        "numbers of devices that are public, or not there for the public at all",
    ),
    "devices.textreading": "words of devices, as the latest",
    "devices.observation": "a view over readings and words",
    "accounts.jurisdiction": "no text",
    "dispatch.slapolicy": "deadlines are published",
    "incidents.texthelp": "weights of a model; a canary in them is no model any more",
    "records.auditevent": "rows are only ever added; services have written canaries into its changes",
    "records.auditseal": "codes of seals",
    "records.historyevent": "rows are only ever added; its data hold the canaries of every move",
    "records.calendarday": "the calendar is published",
    "records.periodicrun": "names of jobs",
}


def private_columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Columns of a model that could hold words of somebody and are not named as public."""
    shown = PUBLIC.get(model._meta.label_lower, "").split()
    kinds = (models.CharField, models.TextField, models.BinaryField, models.JSONField, ArrayField)
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, kinds)
        and not (column.name in shown or column.primary_key or column.is_relation or column.choices)
    ]


class Nest:
    """Rows with canaries.

    Attributes:
        tokens: canary → where it lives.
        planted: labels of the models of which a row is there.
        names: what addresses are made of, by the names that routes use.
    """

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}
        self.planted: set[str] = set()
        self.names: dict[str, object] = {}

    def token(self, where: str) -> str:
        """A text that is nowhere else."""
        found = f"canary{len(self.tokens):03}x"
        self.tokens[found] = where
        return found

    def plant(self, row: models.Model) -> None:
        """One in every private column."""
        label = row._meta.label_lower
        self.planted.add(label)
        for column in private_columns(type(row)):
            token: Any = self.token(f"{label}.{column.name}")
            if isinstance(column, models.BinaryField):
                token = sealed.seal(token)
            elif isinstance(column, models.JSONField):
                token = {"note": token}
            elif isinstance(column, ArrayField):
                token = [token]
            type(row)._default_manager.filter(pk=row.pk).update(**{column.attname: token})


def built() -> Nest:
    """A public report with an answer, a hidden one and one that nobody has looked at; about 250 queries."""
    nest = Nest()
    cast = loop.cast()
    places.contact(places.village(), "监督", OFFICE, kind="supervision")
    shown = _answered(nest, cast)
    for code, number, state, is_public in (
        ("B", "2606-HIDEN", "accepted", False),
        ("C", "2606-WA1TS", "submitted", True),
    ):
        title = nest.token(f"title of {number}")
        kind = incidents.category("noise")
        row = incidents.report(
            VILLAGE, state, lonlat=HOME, category=kind, title=title, is_public=is_public, number=number
        )
        incidents.reporter(row, code * 13)
        nest.tokens[number] = "number of a report that nobody may know of"
        _hung(nest, row)
    for row in _beside(nest, cast, shown):
        nest.plant(row)
    for row in (*_devices(nest), *_imagery(nest)):
        nest.plant(row)
    project, facility = projects.project(), facilities.facility()
    photo, document = (Evidence.objects.exclude(**{f"{kind}": None}).get() for kind in ("photo", "document"))
    nest.names = {
        "number": shown.number,
        "code": CODE,
        "token": TOKEN,
        "project": project.pk,
        "device": Device.objects.get(is_published=True).pk,
        "facility": facility.pk,
        "notice": projects.notice(project).pk,
        "report": shown.pk,
        "alarm": Alarm.objects.get().pk,
        "point": PublishedPoint.objects.get().pk,
        "photo": photo.photo.token,
        "document": document.document.token,
    }
    return nest


def _answered(nest: Nest, cast: loop.Cast) -> Report:
    """Through hand-back, question, extension, chasing, a reply that was sent back, and one that was approved."""
    fields = ReportFields(lonlat=HOME, text=f"半夜太吵，打 {OFFICE} 没人接", category="noise")
    told = report_submit(by=loop.CITIZEN, fields=fields, key=f"open311 {TOKEN}")
    report = Report.objects.get(number=told.number)
    Reporter.objects.filter(report=report).delete()
    incidents.reporter(report, CODE)
    report = loop.move(cast.desk, report, "accept", category="noise")
    order, said = WorkOrder.objects.get(pk=report.order_id), lambda what: nest.token(f"said: {what}")
    other = people.unit("csglj", "城市管理局")
    steps: list[tuple[Any, str, dict[str, Any]]] = [
        (cast.desk, "assign", {"unit": other.pk}),
        (
            loop.who(Role.HANDLER, unit=other),
            "hand_back",
            {"reason": said("hand_back"), "evidence": said("evidence"), "lonlat": HOME},
        ),
        (cast.supervisor, "arbitrate", {"unit": cast.unit.pk, "reason": said("ruling")}),
        (cast.handler, "sign", {}),
        (cast.handler, "extend", {"workdays": 2, "reason": said("extension")}),
        (cast.supervisor, "refuse", {"reason": said("refusal")}),
        (cast.supervisor, "supervise", {"text": said("supervision"), "workdays": 2}),
        (cast.supervisor, "urgent", {"reason": said("urgency")}),
        (
            cast.handler,
            "forward",
            {"agency": "供电公司", "reason": said("forward"), "agency_due_on": dt.date(2099, 1, 1)},
        ),
        (cast.handler, "take_back", {}),
        (cast.handler, "submit", {"reply": f"{said('first reply')}{loop.words(1)}", "reason_code": "no_site"}),
        (cast.desk, "send_back", {"reason": said("send_back")}),
        (cast.handler, "submit", {"reply": loop.REPLY, **_evidence(nest, cast)}),
        (cast.desk, "approve", {"checklist": make.CHECKLIST}),
    ]
    for by, move, given in steps:
        make.move(by, order, move, **given)
    report.refresh_from_db()
    _hung(nest, report)
    return report


def _evidence(nest: Nest, cast: loop.Cast) -> dict[str, list[int]]:
    exif = media.exif(HOME, text=nest.token("EXIF of an answer"))
    photo = media.photo(cast.handler, data=media.jpeg(exif=exif))
    return {"photos": [photo.pk], "documents": [media.document(cast.handler).pk]}


def _hung(nest: Nest, row: Report) -> None:
    """What hangs on a report, planted."""
    made: list[models.Model] = [row, row.reporter, Follower.objects.create(report=row, client=row.number)]
    made += [
        Comment.objects.create(report=row, audience=one, text="x", part=REPORTER) for one in Comment.Audience.values
    ]
    made.append(Rating.objects.create(report=row, round=1, is_satisfied=True, text="x", part=REPORTER))
    made.append(CallBack.objects.get_or_create(report=row, round=1)[0])
    made += Submission.objects.filter(report=row)
    exif = media.exif(HOME, text=nest.token("EXIF"))
    for state in ("pending", "published"):
        photo = media.photo(people.viewer(None), data=media.jpeg(exif=exif), state=state)
        made.append(Attachment.objects.create(report=row, photo=photo, part=REPORTER))
    for one in made:
        nest.plant(one)
    by = dataclasses.replace(people.viewer(None), label=nest.token("history.actor"))
    with transaction.atomic():
        history_append(by=by, obj=row, move="submit", part=REPORTER, data={"note": nest.token("history.data")})


def _beside(nest: Nest, cast: loop.Cast, shown: Report) -> list[models.Model]:
    """Rows of what belongs to no single report: the order and its papers, people, messages, crews."""
    order = WorkOrder.objects.get(pk=shown.order_id)
    rows: list[models.Model] = [order, order.extension, *order.hand_backs.all(), *order.supervisions.all()]
    rows += [order.replies.earliest("number"), *Evidence.objects.all(), *Photo.objects.all(), *Document.objects.all()]
    shift = {"shift_start": dt.time(), "shift_end": dt.time(), "geom": shown.geom}
    rows.append(Crew.objects.create(county_id=loop.COUNTY, unit=cast.unit, name="抢修一队", **shift))
    rows.append(Skill.objects.create(county_id=loop.COUNTY, code="x", title="x"))
    rows.append(RoutingRule.objects.create(county_id=loop.COUNTY, title="x", unit=cast.unit))
    rows.append(RoutingDecision.objects.create(order=order))
    rows.append(ApiKey.objects.create(county_id=loop.COUNTY, label="x", key_hash="x"))
    rows.append(InboxItem.objects.create(recipient=User.objects.all()[0], key="x", subject="x"))
    rows.append(QuarantinedRow.objects.create(county=loop.COUNTY, target="x", file="x", sha256="x", row=1, reason="x"))
    return [*rows, cast.unit, OutboxMessage.objects.all()[0], User.objects.all()[0], shown.category]


def _devices(nest: Nest) -> list[models.Model]:
    """A public camera with a stream and an alarm, and a lamp that nobody may know of."""
    kind = devices.kind("camera", takes_pictures=True)
    camera, lamp = devices.device(type=kind), devices.device(is_published=False)
    hidden = nest.token("name of a device that is not public")
    Device.objects.filter(pk=lamp.pk).update(name=hidden, code=hidden, search_text=hidden)
    stream = devices.stream(camera)
    rule = AlarmRule.objects.create(county_id=loop.COUNTY, type=kind, key="level", kind="above", on=1, title="高")
    now = clock.now()
    raised = {"phase": Phase.ACTIVE, "since": now, "raised_at": now, "level": 3}
    alarm = Alarm.objects.create(county_id=loop.COUNTY, rule=rule, device=camera, stream=stream, **raised)
    newest = Latest.objects.create(stream_id=stream.pk, device_id=camera.pk, ts=now, value=1.5)
    event = AlarmEvent.objects.create(alarm=alarm, at=now, move="acknowledged", level=3, note="x")
    shot = media.photo(people.viewer(None), data=media.jpeg(exif=media.exif(HOME, text=nest.token("EXIF of a camera"))))
    token = DeviceToken.objects.create(device=camera, hash="x", made_at=now)
    letter = DeadLetter.objects.create(at=now, source="http", device=camera, reason="x", stream="x", ts="x", value="x")
    picture = Snapshot.objects.create(device=camera, photo=shot, taken_at=now)
    return [kind, camera, stream, rule, alarm, newest, event, shot, token, letter, picture]


def _imagery(nest: Nest) -> list[models.Model]:
    """A published point with all that was said of it, and one that nobody may know of."""
    shown, hidden = imagery.point(VILLAGE, "confirmed", lonlat=HOME), imagery.point(VILLAGE, number=770_077)
    nest.tokens[str(hidden)] = "number of a point that is not public"
    by = imagery.who()
    said = {"point": shown, "by_id": by.user_id}
    scenes = {"before": shown.run.before, "after": shown.run.after}
    ids = [uuid.UUID(int=number) for number in range(1, 4)]
    spoken = {name: nest.token(f"imagery.review.{name}") for name in ("note", "prior")}  # it is never changed later
    Review.objects.create(
        **said, **scenes, **spoken, client_id=ids[0], round=1, verdict="change", kind="building", version=2
    )
    nest.planted.add("imagery.review")
    spot = {"geom": shown.center, "accuracy_m": 5, "distance_m": 0, "is_far": False, "finding": "illegal"}
    check = FieldCheck.objects.create(**said, **spot, client_id=ids[1], at=clock.now())
    exif = media.exif(HOME, text=nest.token("EXIF of a field check"))
    photo = media.photo(people.viewer(None), data=media.jpeg(exif=exif), state="pending")
    shot = FieldPhoto.objects.create(
        **said, client_id=ids[2], check_client=ids[1], photo=photo, azimuth=90, taken_at=clock.now(), geom=shown.center
    )
    cell = Point(*public_point(HOME, 200), srid=4326)
    public = {"geom": cell, "kind": "building", "stage": "found", "found_on": dt.date(2026, 3, 8)}
    published = PublishedPoint.objects.create(
        point=shown, county_id=loop.COUNTY, village_id=VILLAGE, name=str(shown), **public
    )
    area = {"county_id": loop.COUNTY, "geom": shown.geom}
    zone = SuppressionZone.objects.create(**area, reason=imagery.reason(), rejections=3)
    line = RedLine.objects.create(county_id=loop.COUNTY, kind="farmland", geom=places.square(VILLAGE))
    group = ChangeGroup.objects.create(county_id=loop.COUNTY, title="x")
    said_rows = [imagery.reason(), shown.run, shown.run.before, shown.run.after, shown, hidden, check, shot, photo]
    again = Sighting.objects.create(point=shown, run=shown.run, geom=shown.geom, score=1)
    ranker = Reranker.objects.create(county_id=loop.COUNTY, version="x", sha256="x", data=b"x")
    return [*said_rows, published, zone, line, group, again, ranker]


def own_models() -> list[type[models.Model]]:
    """The models of the apps that reports and orders pass through."""
    return [model for name in APPS for model in apps.get_app_config(name).get_models()]
