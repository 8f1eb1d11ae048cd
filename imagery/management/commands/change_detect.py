"""``manage.py change_detect BEFORE AFTER``: what changed between two scenes of a county, into the review's queue."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imagery import services
from imagery.detect.detectors import DEFAULT, detector_keys
from imagery.ingest import run_carry_out
from imagery.models import ChangeRun, Scene
from imagery.services import CHIPS_AT_ONCE, chips_render
from kernel.errors import DomainError
from kernel.viewer import Viewer


class Command(BaseCommand):
    """Compare two scenes."""

    help = "Compares two scenes of a county and puts what changed into the review's queue; again, it adds nothing."
    stealth_options = ("is_taken",)  # a worker that has taken the run already

    def add_arguments(self, parser: CommandParser) -> None:
        """Scenes and how to compare them."""
        parser.add_argument("before", nargs="?", help="key of the earlier scene (scene_add prints it)")
        parser.add_argument("after", nargs="?", help="key of the later one")
        parser.add_argument("--run", type=int, help="a run that waits, failed, was cancelled or broken off, for scenes")
        parser.add_argument("--county", default=None, help="code of the county, where two have scenes of one key")
        parser.add_argument("--detector", default=DEFAULT, choices=detector_keys())
        parser.add_argument("--share", type=float, help="share of the ground that changed (0.003), else the detector's")
        parser.add_argument("--least", type=int, help="patches of fewer pixels are dropped")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, tell how far it is, and print what came of it.

        SIGTERM and a terminal that closes stop it as Ctrl-C does.

        Raises:
            CommandError: no such scene, or two that cannot be compared, in a sentence; stopped by hand, with how to
                go on.
        """
        if options.get("is_taken", False):
            self._compared(options)
            return
        with _stoppable():
            self._compared(options)

    def _compared(self, options: dict[str, Any]) -> None:
        run, is_taken = None, options.get("is_taken", False)
        try:
            run = self._run(options)
            if run.state == ChangeRun.State.DONE:
                told = f"{run.points} points, {chips_render(run)} pictures"
                self.stdout.write(f"run {run.pk} has compared them before: {told}")
                return
            by = Viewer(county=run.county_id, label="change_detect")
            is_begun = is_taken
            if run.state == ChangeRun.State.CANCELLED and not is_taken:
                run, is_begun = self._reopened(by, run, options), True
            found = run_carry_out(by=by, run=run, told=self._told(options["verbosity"]), is_taken=is_begun)
            # A worker goes on to the next run; it draws the others when nobody waits for one (imagery/tasks.py)
            drawn = chips_render(run, most=CHIPS_AT_ONCE if is_taken else None)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        except KeyboardInterrupt:
            if is_taken or run is None:
                raise
            raise CommandError(f"stopped; {self._what_follows(run)}", returncode=130) from None
        told = f"{len(found.added)} points, {len(found.again)} seen again, {len(found.gone)} gone"
        self.stdout.write(f"run {run.pk}: {told}, {run.vetoed} shifted edges left out, {drawn} pictures")

    def _run(self, options: dict[str, Any]) -> ChangeRun:
        """The run that is to be done, or was."""
        if options["run"]:
            known = ChangeRun.objects.select_related("before", "after").filter(pk=options["run"]).first()
            if known is None:
                raise CommandError(f"no run {options['run']}")
            return known
        if not options["after"]:
            raise CommandError("say the keys of two scenes, or --run")
        before, after = (self._scene(options[name], options["county"]) for name in ("before", "after"))
        by = Viewer(county=before.county_id, label="change_detect")
        params = {name: options[name] for name in services.PARAMS if options[name] is not None}
        return services.run_add(
            by=by,
            before=before,
            after=after,
            detector=options["detector"],
            code_version=services.CODE_VERSION,
            **params,
        )[0]

    def _reopened(self, by: Viewer, run: ChangeRun, options: dict[str, Any]) -> ChangeRun:
        """A run that somebody has cancelled is done after all where it is meant by its number."""
        if not options["run"]:
            raise CommandError(f"run {run.pk} was cancelled; change_detect --run {run.pk} does it after all")
        return services.run_reopen(by=by, run=run)

    def _what_follows(self, run: ChangeRun) -> str:
        """On a run that was stopped."""
        run.refresh_from_db(fields=["state"])
        if run.state == ChangeRun.State.DONE:
            return f"run {run.pk} is done, its other pictures are drawn later"
        return f"change_detect --run {run.pk} goes on"

    def _scene(self, key: str, county: str | None) -> Scene:
        found = Scene.objects.filter(key=key, **({"county_id": county} if county else {}))[:2]
        if len(found) != 1:
            raise CommandError(f"no scene {key!r}" if not found else f"two counties have {key!r}: say --county")
        return found[0]

    def _told(self, verbosity: int) -> Any:
        def told(share: float) -> None:
            if self.stderr.isatty() and verbosity:
                self.stderr.write(f"\r{share:.0%}", ending="")

        return told


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM and SIGHUP as Ctrl-C. Only the first: whoever passes it on must not end what it has begun."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        raise KeyboardInterrupt

    ends = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    ignored = (signal.SIG_IGN, None)  # as nohup wants it; None: of a program round us
    before = {number: handler for number in ends if (handler := signal.getsignal(number)) not in ignored}
    if threading.current_thread() is not threading.main_thread():
        before = {}  # nobody else may
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
