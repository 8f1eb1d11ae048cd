"""One report in full, for those whose business it is: what was said, sent and done, and what they may do now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.selectors import people_named
from dispatch.selectors import OrderChoice
from dispatch.states import State as OrderState
from incidents.models import REJECT_TITLES, Attachment, CallBack, Comment, Rating, Report
from incidents.selectors.answers import ReplyShown, answered_by, replies_of
from incidents.selectors.categories import LINKS, Answer, answers_named
from incidents.selectors.desk import DeskRow, desk_get, desk_row
from incidents.selectors.offers import CaseMove, case_moves
from incidents.selectors.similar import SimilarReport, similar_reports
from incidents.selectors.status import STATUS_TITLES
from incidents.selectors.track import events_of, note_of, step_title, unit_names
from incidents.selectors.why import category_why, urgent_why
from incidents.states import REPORTER, SYSTEM, State
from kernel import clock
from kernel.language import named
from kernel.viewer import Viewer
from media.selectors import DocumentLink, document_link, photo_urls


@dataclass(frozen=True, slots=True)
class CasePhoto:
    """A photo of a report.

    Attributes:
        state: pending, published, hidden.
        redactions: what is blurred, [x, y, width, height] as shares of the upright picture.
        part: who sent it.
        round: of the work that it belongs to.
    """

    id: int
    thumb: str
    medium: str
    large: str
    alt: str
    taken_on: str | None
    width: int
    height: int
    state: str
    redactions: tuple[tuple[float, ...], ...]
    part: str
    round: int


@dataclass(frozen=True, slots=True)
class CaseComment:
    """A remark; ``audience`` says who reads it, ``is_published`` whether everybody does, namely ``public_text``."""

    id: int
    at: str
    part: str
    who: str
    audience: str
    text: str
    public_text: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class CaseRating:
    """What the reporter said of the answer of a round."""

    round: int
    is_satisfied: bool
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class CaseCallBack:
    """A call-back of a round; ``at`` is null until somebody has asked."""

    round: int
    mode: str
    mode_title: str
    is_sample: bool
    outcome: str
    outcome_title: str
    note: str
    at: str | None


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step; ``who`` by function, empty for the reporter and the product."""

    at: str
    who: str
    move: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class CaseGuess:
    """The kind that the text help proposes; ``confidence`` 0…1, below the threshold it is not sure."""

    code: str
    title: str
    confidence: float
    is_sure: bool
    why: str


@dataclass(frozen=True, slots=True)
class CaseUnit:
    """The unit that usually has such matters."""

    id: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class CaseSuggestions:
    """What the product would do, and why; a person decides. ``urgent_why`` is empty for what is not urgent."""

    category: CaseGuess | None
    urgent_why: str
    unit: CaseUnit | None
    duplicates: tuple[SimilarReport, ...]


@dataclass(frozen=True, slots=True)
class CaseAsset:
    """What on the map it is about."""

    layer: str
    id: str


@dataclass(frozen=True, slots=True)
class Case(DeskRow):
    """A report in full, but for who made it.

    Attributes:
        public_lonlat: as everybody sees it, EPSG:4326.
        answers: to the further questions of its kind.
        links: addresses that a client of Open311 named; nothing of them is ever fetched.
        info_by: until when the reporter may answer a question.
        merged, merged_into: numbers of other reports.
        replies: the approved answer of each round, for who takes it on again and for who sees no orders.
    """

    text: str
    public_text: str
    public_lonlat: tuple[float, ...]
    address: str
    answers: tuple[Answer, ...]
    links: tuple[str, ...]
    confidence: str
    confidence_title: str
    channel_title: str
    asset: CaseAsset | None
    info_by: str | None
    appealed_at: str | None
    reopens: int
    merged: tuple[str, ...]
    merged_into: str | None
    photos: tuple[CasePhoto, ...]
    documents: tuple[DocumentLink, ...]
    comments: tuple[CaseComment, ...]
    ratings: tuple[CaseRating, ...]
    call_backs: tuple[CaseCallBack, ...]
    replies: tuple[ReplyShown, ...]
    history: tuple[CaseStep, ...]
    suggestions: CaseSuggestions
    moves: tuple[CaseMove, ...]


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """What forms about reports let people choose from.

    Attributes:
        grounds: why a report is not accepted.
        modes: how the reporter is called back.
        audiences: who reads a remark.
        statuses: what lists can be narrowed to.
    """

    grounds: tuple[OrderChoice, ...]
    modes: tuple[OrderChoice, ...]
    audiences: tuple[OrderChoice, ...]
    statuses: tuple[OrderChoice, ...]


def desk_options() -> DeskOptions:
    """The choices, in the language of the request. Cost: none."""

    def choices(said: Iterable[tuple[Any, Any]]) -> tuple[OrderChoice, ...]:
        return tuple(OrderChoice(str(key), str(title)) for key, title in said)

    return DeskOptions(
        grounds=choices(REJECT_TITLES.items()),
        modes=choices(CallBack.Mode.choices),
        audiences=choices(Comment.Audience.choices),
        statuses=choices(STATUS_TITLES.items()),
    )


def desk_case(viewer: Viewer, report_id: int) -> Case:
    """One case in full. Cost: about 24 queries, whatever hangs on it.

    Raises:
        NotFound: it is none of the viewer's business.
    """
    row = desk_get(viewer, report_id)
    calls = list(CallBack.objects.filter(report=row))
    files = list(Attachment.objects.filter(report=row).select_related("photo", "document"))
    return Case(
        **asdict(desk_row(row, clock.now())),
        text=row.text,
        public_text=row.public_text,
        public_lonlat=(round(row.public_geom.x, 6), round(row.public_geom.y, 6)),
        address=row.address,
        answers=answers_named(row.category.attributes, row.attributes),
        links=tuple(row.attributes.get(LINKS, "").split()),
        confidence=row.confidence,
        confidence_title=row.get_confidence_display(),
        channel_title=row.get_channel_display(),
        asset=CaseAsset(row.asset_layer, row.asset_id) if row.asset_layer else None,
        info_by=clock.written(row.info_by),
        appealed_at=clock.written(row.appealed_at),
        reopens=row.reopens,
        merged=tuple(row.merged.values_list("number", flat=True)),
        merged_into=row.merged_into.number if row.merged_into else None,
        photos=tuple(map(_photo, (one for one in files if one.photo))),
        documents=tuple(document_link(one.document) for one in files if one.document),
        comments=tuple(map(_comment, Comment.objects.filter(report=row).select_related("by"))),
        ratings=tuple(map(_rating, Rating.objects.filter(report=row))),
        call_backs=tuple(map(_call_back, calls)),
        replies=tuple(replies_of(answered_by(row))),
        history=_history(row),
        suggestions=_suggestions(viewer, row),
        moves=tuple(case_moves(viewer, row, calls)),
    )


OF_STAFF = {
    "edit": gettext_lazy("更正"),
    "publish": gettext_lazy("公开审核"),
    "photo": gettext_lazy("照片审核"),
    "comment": gettext_lazy("留言"),
    "comment_publish": gettext_lazy("留言审核"),
    "call_back_order": gettext_lazy("安排回访"),
    "call_back_missed": gettext_lazy("联系不上"),
}
"""Steps of the history that are the office's affair."""


def _history(row: Report) -> tuple[CaseStep, ...]:
    """Every step. Cost: four queries and one per order."""
    units, events = unit_names(row), events_of(row)
    people = people_named(event.actor_id for event in events)
    return tuple(
        CaseStep(
            at=clock.written(event.at),
            who="" if event.part in (REPORTER, SYSTEM) else people.get(event.actor_id or 0, event.actor_label),
            move=event.move,
            title=str(OF_STAFF.get(event.move) or step_title(event.move)),
            note=note_of(event, units) or str(event.data.get("note", "")),
        )
        for event in events
    )


def _photo(one: Attachment) -> CasePhoto:
    photo = one.photo
    assert photo is not None  # noqa: S101 - the caller asked for those that are photos
    return CasePhoto(
        **photo_urls(photo),
        id=photo.pk,
        state=photo.state,
        redactions=tuple(map(tuple, photo.redactions)),
        part=one.part,
        round=one.round,
    )


def _comment(one: Comment) -> CaseComment:
    return CaseComment(
        id=one.pk,
        at=clock.written(one.at),
        part=one.part,
        who=one.by.name if one.by else "",
        audience=one.audience,
        text=one.text,
        public_text=one.public_text,
        is_published=one.is_published,
    )


def _rating(one: Rating) -> CaseRating:
    return CaseRating(one.round, one.is_satisfied, one.text, clock.written(one.at))


def _call_back(one: CallBack) -> CaseCallBack:
    return CaseCallBack(
        round=one.round,
        mode=one.mode,
        mode_title=one.get_mode_display(),
        is_sample=one.is_sample,
        outcome=one.outcome,
        outcome_title=one.get_outcome_display(),
        note=one.note,
        at=clock.written(one.at),
    )


def _suggestions(viewer: Viewer, row: Report) -> CaseSuggestions:
    default = row.category.default_unit
    unit = CaseUnit(default.pk, named(default.name, default.name_en), _("这一类通常由它办")) if default else None
    if row.state not in (State.SUBMITTED, State.NEED_INFO):
        is_without = row.order is not None and row.order.state == OrderState.OPENED
        return CaseSuggestions(None, "", unit if is_without else None, ())
    guess = row.proposal.get("category")
    same = similar_reports(viewer, (row.public_geom.x, row.public_geom.y), row.text, row.category.code)
    return CaseSuggestions(
        category=_guess(row.proposal, guess) if guess else None,
        urgent_why=urgent_why(row.proposal) if row.is_urgent else "",
        unit=unit,
        duplicates=tuple(one for one in same if one.number != row.number),
    )


def _guess(proposal: dict[str, Any], guess: dict[str, Any]) -> CaseGuess:
    return CaseGuess(
        code=guess["code"],
        title=guess["title"],
        confidence=guess["confidence"],
        is_sure=bool(proposal.get("is_sure")),
        why=category_why(proposal),
    )
