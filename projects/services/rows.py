"""How every write finds its row: visible to the viewer, locked, allowed, and of the version that was read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from kernel import writing
from kernel.errors import Forbidden, Invalid, NotFound, NotSignedIn
from kernel.viewer import Viewer
from projects.models import Project
from projects.states import Act, Target, may


def project_locked(by: Viewer, project_id: int) -> Project:
    """The project, locked until the transaction ends.

    Raises:
        NotFound: there is none that ``by`` may see.
    """
    found = Project.objects.visible_to(by).select_for_update().filter(pk=project_id).first()
    if found is None:
        raise NotFound(_("没有这个工程项目，或者您不能看。"))
    return found


def target_of(project: Project) -> Target:
    """The project as the table of rights sees it."""
    return Target(project.owner_unit_id, (project.village_id,))


def demand(by: Viewer, act: Act, target: Target) -> None:
    """Refuse what the table of rights does not allow.

    Raises:
        NotSignedIn: nobody is signed in.
        Forbidden: the role may not, or not here.
    """
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    if not may(by, act, target):
        raise Forbidden(_("这个项目不归您负责，不能改。"), hint=_("项目由责任单位的承办人和辖区领导维护。"))


def same_version(current: int, read: int | None) -> None:
    """Compare the version that the writer has read with the one that is there.

    Raises:
        Invalid: none was sent.
        Conflict: code "version_conflict".
    """
    writing.same_version(current, writing.version_given(read), _("别人刚刚改过这一条，您的修改没有保存。"))


def cleaned(row: models.Model, names: dict[str, str] | None = None) -> None:
    """Check the columns of ``row`` (lengths, choices, ranges) before it is saved.

    Args:
        row: unsaved or changed.
        names: what the API calls a column, where that differs.

    Raises:
        Invalid: the first column that is wrong.
    """
    relations = [field.name for field in row._meta.fields if field.is_relation]
    for field in row._meta.fields:
        value = getattr(row, field.attname)
        if isinstance(value, str):
            writing.storable(value, (names or {}).get(field.name, field.name))
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        column, messages = next(iter(error.message_dict.items()))
        raise Invalid(" ".join(messages), field=(names or {}).get(column, column)) from None


def plain(value: Any) -> Any:
    """A value for the audit row: what is shown in JSON as it is, else as text."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
