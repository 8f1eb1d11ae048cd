"""Background work of imagery: runs, chips, and what recurs."""

from __future__ import annotations

from contextlib import suppress

from django.core.management import CommandError, call_command
from django_tasks import task

from imagery import services
from imagery.execution.peak import memory_give_back
from kernel.periodic import PeriodicJob, jobs
from records.selectors import is_waiting

DAY_S, SOON_S = 86_400, 5


@task()
def tidy_scenes() -> int:
    """Remove files whose scene never came to be; how many."""
    return services.scenes_tidy()


@task()
def carry_out_runs() -> int:
    """Do the runs that people have asked for, one after another; how many. Each says itself what came of it."""
    done = 0
    while run := services.run_take():
        with suppress(CommandError):  # it could not be done, and says why
            # An edge of its own, with scipy and GDAL: only the worker that gets so far loads them.
            call_command("change_detect", run=run.pk, is_taken=True, verbosity=0)
        memory_give_back()
        done += 1
    return done


@task()
def apply_zones() -> int:
    """Put into order what waits where zones of false alarms have changed; how many points have moved."""
    return services.zones_apply()


@task()
def draw_chips() -> int:
    """Draw chips that no run has drawn: it went on to the next one, or was broken off; of how many points."""
    return services.chips_render(most=services.CHIPS_AT_ONCE)


def _apply() -> None:
    if services.zones_wait() and not is_waiting(apply_zones.module_path):
        apply_zones.enqueue()


def _carry_out() -> None:
    if services.run_waits() and not is_waiting(carry_out_runs.module_path):
        carry_out_runs.enqueue()


def _draw() -> None:
    if services.chips_wait() and not is_waiting(draw_chips.module_path):
        draw_chips.enqueue()


def register() -> None:
    """Leftovers once a day: they are rare, and nobody can open them meanwhile. The others soon: somebody looks."""
    jobs.add(PeriodicJob("imagery-scenes", DAY_S, tidy_scenes.enqueue))
    jobs.add(PeriodicJob("imagery-runs", SOON_S, _carry_out))
    jobs.add(PeriodicJob("imagery-zones", SOON_S, _apply))
    jobs.add(PeriodicJob("imagery-chips", SOON_S, _draw))
