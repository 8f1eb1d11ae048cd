"""Filters of the list of projects."""

from __future__ import annotations

from typing import Any

import django_filters as filters  # type: ignore[import-untyped]
from django.db.models import QuerySet

from kernel.viewer import Viewer
from projects.models import STAGE_TITLES, STATUS_TITLES, Project
from projects.querysets import ProjectQuerySet
from projects.states import Act


class ProjectFilter(filters.FilterSet):
    """``act`` keeps the projects to which the viewer may do it; ``place`` those of a township or village."""

    category = filters.CharFilter(field_name="category_id", max_length=30)
    stage = filters.ChoiceFilter(choices=list(STAGE_TITLES.items()))
    status = filters.ChoiceFilter(choices=list(STATUS_TITLES.items()))
    owner_unit = filters.NumberFilter(field_name="owner_unit_id", min_value=1, max_value=2**63 - 1)
    place = filters.CharFilter(method="by_place", max_length=15)
    act = filters.ChoiceFilter(method="by_act", choices=[(act.value, act.value) for act in Act])
    is_published = filters.BooleanFilter()
    q = filters.CharFilter(field_name="search_text", lookup_expr="icontains", max_length=60)

    class Meta:
        """All filters are declared above."""

        model = Project
        fields: list[str] = []

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        """Remember who asks."""
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def by_place(self, rows: ProjectQuerySet, name: str, value: str) -> QuerySet[Project]:
        """Projects that lie in a place or are built for it."""
        return rows.concerning(value)

    def by_act(self, rows: ProjectQuerySet, name: str, value: str) -> QuerySet[Project]:
        """Projects to which the viewer may do something."""
        return rows.open_to(self.viewer, Act(value))
