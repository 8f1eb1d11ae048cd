"""Reports as a source of work orders: what becomes of an order, becomes of its report, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from dispatch.models import Reply
from incidents import selectors, services
from incidents.models import Category, Rating, Report
from incidents.states import SYSTEM
from kernel.language import named
from kernel.viewer import Viewer
from kernel.work import WorkNews, WorkSource, work_sources


def _finished(by: Viewer, news: WorkNews) -> None:
    reply = Reply.objects.filter(order_id=news.order_id).order_by("-number").values_list("pk", flat=True).first()
    services.report_move(by=by, report_id=int(news.source_id), move="answer", part=SYSTEM, reply=reply)


def _cancelled(by: Viewer, news: WorkNews) -> None:
    reason = str(news.data.get("reason", ""))
    services.report_move(by=by, report_id=int(news.source_id), move="dismiss", part=SYSTEM, reason=reason)


def _moved(by: Viewer, news: WorkNews) -> None:
    if news.move in ("urgent", "not_urgent"):
        Report.objects.filter(pk=news.source_id).update(is_urgent=news.move == "urgent")
    if news.move == "ask":
        services.question_tell(by=by, report_id=int(news.source_id), question=str(news.data.get("question", "")))


def _words(keys: Sequence[str]) -> Mapping[str, str]:
    """What people wrote, in full. Cost: one query."""
    rows = Report.objects.filter(pk__in=[int(key) for key in keys]).values_list("pk", "text")
    return {str(pk): text for pk, text in rows}


def _rating() -> Subquery:
    """What the reporter said of the answer of an order's round."""
    report = Cast(OuterRef("source_id"), BigIntegerField())
    rated = Rating.objects.filter(report_id=report, round=OuterRef("round"))
    return Subquery(rated.values("is_satisfied")[:1])


def _categories(county: str) -> dict[str, str]:
    """The kinds of a county, those out of use as well: figures of the past name them."""
    rows = Category.objects.filter(county_id=county).values_list("code", "title", "title_en")
    return {code: named(title, title_en) for code, title, title_en in rows}


def register() -> None:
    """Declare the source."""
    work_sources.add(
        WorkSource(
            key=selectors.SOURCE,
            title=_("群众反映"),
            link=lambda key: f"/console?sel=case:{key}",
            on_finished=_finished,
            on_cancelled=_cancelled,
            on_moved=_moved,
            rating=_rating,
            categories=_categories,
            words=_words,
        )
    )
