"""``manage.py train_ranker --county CODE [--out FILE]``: the queue learns from what the county's people decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.selectors import county_exists
from imagery import services
from imagery.detect.features import row_of
from imagery.detect.rank import TooFewReviewsError, trained
from imagery.detect.trees import version_of
from imagery.selectors.learning import lessons
from kernel.errors import DomainError
from kernel.viewer import Viewer


class Command(BaseCommand):
    """Train, say how good it is, and let it order the queue where it is better than the detector's score."""

    help = "Trains the re-ranker on the county's own reviews; it serves only if average precision by scene rises."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--county``, ``--out``."""
        parser.add_argument("--county", required=True, help="six-digit code")
        parser.add_argument("--out", type=Path, help="write it to this file, for change_eval; nothing else changes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train and store.

        Raises:
            CommandError: no such county, or too few reviews, of too few pairs of scenes.
        """
        if not county_exists(options["county"]):
            raise CommandError(f"no county {options['county']}")
        taught = list(lessons(options["county"]))
        rows = np.array([row_of(one.features) for one in taught])
        is_change = np.array([one.is_change for one in taught], bool)
        try:
            found = trained(rows, is_change, [one.pair for one in taught])
        except TooFewReviewsError as error:
            raise CommandError(
                f"{error}: too few; at least two pairs of scenes and twenty of either verdict"
            ) from error
        data = found.trees.to_bytes()
        self.stdout.write(
            f"{found.reviews} reviewed patches of {found.scenes} pairs of scenes; average precision by scene "
            f"{found.ap_score:.3f} (score alone) → {found.ap_model:.3f}; version {version_of(data)}, {len(data)} bytes"
        )
        if options["out"]:
            options["out"].write_bytes(data)
        elif not found.is_better:
            self.stdout.write("not better than the score alone: nothing changes")
        else:
            self._serve(options["county"], data)

    def _serve(self, county: str, data: bytes) -> None:
        try:
            moved = services.reranker_set(by=Viewer(county=county, label="command · train_ranker"), data=data)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"it orders the queue now: {moved} waiting points have another place")
