"""``manage.py train_text_help --county CODE [--out FILE]``: the text help learns from what people decided."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from accounts.models import User
from accounts.selectors import county_exists
from incidents.models import Category, Report
from incidents.services import text_help_set
from incidents.states import State
from incidents.text.features import place_words, prepared
from incidents.text.model import TextModel, version_of
from incidents.text.training import Sample, TooFewError, train
from kernel.viewer import Viewer
from places.models import Level, Place

DECIDED = (State.ACCEPTED, State.ANSWERED, State.CLOSED, State.MERGED)


def samples_of(county: str) -> Iterator[Sample]:
    """The county's reports whose kind a person decided, but for confidential ones; read one by one."""
    names = Place.objects.filter(county_id=county).exclude(level=Level.GRID).values_list("name", flat=True)
    people = User.objects.filter(county_id=county).values_list("name", flat=True)
    known = place_words(names) | place_words(people)
    rows = Report.objects.filter(county_id=county, state__in=[state.value for state in DECIDED])
    rows = rows.exclude(confidence=Report.Confidence.CONFIDENTIAL)
    rows = rows.filter(~Q(proposal__has_key="by") | ~Q(proposal__by="system"))  # what nobody decided teaches nothing
    fields = ("pk", "text", "category__code", "is_urgent", "reporter__phone_hash", "filed_by_id")
    for pk, text, code, is_urgent, phone, user in rows.order_by("pk").values_list(*fields).iterator(chunk_size=1000):
        yield Sample(
            prepared(text, known), code, is_urgent, source=phone or (f"user {user}" if user else f"report {pk}")
        )


def told(model: TextModel, data: bytes) -> str:
    """What was learned and how good it is, in lines."""
    figures, sure = model.figures, model.figures["sure"]
    names = {"most_frequent": "most frequent kind", "words": "words of the kinds"}
    names |= {"baseline": "characters 1-3, SVC", "model": "model"}
    qualities = [
        f"{name:20} accuracy {figures[key]['accuracy']:.3f}  macro-F1 {figures[key]['macro_f1']:.3f}"
        for key, name in names.items()
    ]
    return "\n".join(
        [
            f"{figures['reports']} reports, {figures['kinds']} kinds, {figures['features']} features; "
            f"tested on {figures['tested']} of which nothing was trained on",
            *qualities,
            f"from confidence {model.threshold:.2f}: {sure['share']:.0%} of the texts, {sure['precision']:.1%} right; "
            f"calibration error {figures['calibration_error']:.3f}",
            f"version {version_of(data)}, {len(data) // 1024} KiB",
        ]
    )


class Command(BaseCommand):
    """Train, say how good it is, and let it serve the county (or write it to a file)."""

    help = "Trains the text help on the county's own decided reports."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--county``, ``--out``."""
        parser.add_argument("--county", required=True, help="six-digit code")
        parser.add_argument("--out", type=Path, help="write the model to this file; nothing else changes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train and store.

        Raises:
            CommandError: no such county, or too little history.
        """
        county = options["county"]
        if not county_exists(county):
            raise CommandError(f"no county {county}")
        kinds = Category.objects.visible_to(Viewer(county=county)).filter(children=None)
        words = {row.code: tuple(row.words.split()) for row in kinds}
        try:
            model = train(list(samples_of(county)), words, {row.code: row.title for row in kinds})
        except TooFewError as error:
            raise CommandError(f"{error}; the shipped model goes on serving") from error
        data = model.to_bytes()
        self.stdout.write(told(model, data))
        if options["out"]:
            options["out"].write_bytes(data)
        else:
            text_help_set(by=Viewer(county=county, label="command · train_text_help"), data=data)
