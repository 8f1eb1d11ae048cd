"""The choices of the forms on the staff pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from accounts.models import Unit
from kernel.language import named
from kernel.viewer import Viewer
from places.models import Level, Place
from places.querysets import jurisdiction
from projects.models import STAGE_TITLES, Attachment, Category, Indicator, ProjectPhoto
from projects.selectors.shapes import Choice
from projects.states import RIGHTS, START_STAGES, Act, Reach, Stage


@dataclass(frozen=True, slots=True)
class VillageChoice:
    """A village with the township that it belongs to."""

    code: str
    name: str
    township: str


@dataclass(frozen=True, slots=True)
class FormOptions:
    """What the forms of the staff pages offer to this viewer.

    Attributes:
        units: those for which the viewer may enter projects.
        villages: those in which; everybody else's are all of the county, to read.
        may: acts of the table of rights that the viewer's role has anywhere.
    """

    categories: tuple[Choice, ...]
    indicators: tuple[Choice, ...]
    units: tuple[Choice, ...]
    villages: tuple[VillageChoice, ...]
    stages: tuple[Choice, ...]
    moments: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    may: tuple[str, ...]


def form_options(viewer: Viewer) -> FormOptions:
    """The choices. Cost: four queries."""
    reach = RIGHTS[Act.CREATE].get(viewer.role) if viewer.role else None
    units = Unit.objects.filter(county_id=viewer.county, is_active=True).order_by("code")
    villages = Place.objects.visible_to(viewer).of_level(Level.VILLAGE)
    if reach is Reach.UNIT:
        units = units.filter(pk=viewer.unit_id or 0)
    elif reach is Reach.AREA:
        villages = villages.filter(jurisdiction(viewer, "code"))
    names = villages.values_list("code", "name", "name_en", F("parent__name"), F("parent__name_en"))
    return FormOptions(
        categories=_choices(Category.objects.values_list("key", "title", "title_en")),
        indicators=_choices(Indicator.objects.values_list("key", "title", "title_en")),
        units=_choices(units.values_list("pk", "name", "name_en")),
        villages=tuple(VillageChoice(code, named(n, en), named(up, up_en)) for code, n, en, up, up_en in names),
        stages=tuple(Choice(stage.value, str(STAGE_TITLES[stage])) for stage in Stage if stage in START_STAGES),
        moments=_choices((value, str(label), "") for value, label in ProjectPhoto.Moment.choices),
        kinds=_choices((value, str(label), "") for value, label in Attachment.Kind.choices),
        may=tuple(act.value for act in Act if viewer.role in RIGHTS[act]),
    )


def _choices(rows: Iterable[tuple[object, str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(str(key), named(title, title_en)) for key, title, title_en in rows)
