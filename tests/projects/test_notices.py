"""Public notices and their documents."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest

from kernel.errors import Conflict, DomainError, Invalid, NotFound
from kernel.viewer import Role, Viewer
from projects import selectors, services
from projects.models import Attachment, Notice, Project
from records.models import AuditEvent
from tests.factories import media
from tests.factories import projects as make
from tests.projects.conftest import who

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make.project()


@pytest.fixture
def desk(project: Project) -> Viewer:
    return who(Role.DESK, "990521")


def attach(by: Viewer, notice: Notice, data: bytes = media.PDF, **more: Any) -> Attachment:
    return services.attachment_add(by=by, notice_id=notice.pk, file=io.BytesIO(data), **({"name": "环评.pdf"} | more))


def test_a_notice_with_its_documents(desk: Viewer, project: Project) -> None:
    notice = services.notice_create(by=desk, project_id=project.pk, title="环境影响报告公示")
    assert (notice.published_on, notice.version) == (dt.date(2026, 6, 30), 1)
    first = attach(desk, notice, kind="environment")
    attach(desk, notice, title="补偿标准（2026）", kind="compensation")
    shown = selectors.notice_get(who(None), notice.pk)
    assert [(one.link.title, one.link.kind.key) for one in shown.attachments] == [
        ("环评", "environment"),
        ("补偿标准（2026）", "compensation"),
    ]
    assert shown.version == 3
    services.attachment_remove(by=desk, notice_id=notice.pk, attachment_id=first.pk)
    first.document.refresh_from_db()
    assert first.document.state == "hidden"
    assert len(selectors.notice_get(who(None), notice.pk).attachments) == 1
    actions = AuditEvent.objects.filter(action__startswith="notice.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "notice.create", "notice.attachment_add", "notice.attachment_add", "notice.attachment_remove"
    ]  # fmt: skip


def test_a_change_needs_the_version_that_was_read(desk: Viewer, project: Project) -> None:
    notice = make.notice(project)
    services.notice_update(by=desk, notice_id=notice.pk, version=1, fields={"body": "新的正文"})
    with pytest.raises(Conflict):
        services.notice_update(by=desk, notice_id=notice.pk, version=1, fields={"body": "晚了"})
    notice.refresh_from_db()
    assert (notice.body, notice.version) == ("新的正文", 2)


def test_a_withdrawn_notice_is_not_there_for_the_public(desk: Viewer, project: Project) -> None:
    notice = make.notice(project)
    services.notice_update(by=desk, notice_id=notice.pk, version=1, fields={"is_published": False})
    assert selectors.notice_get(desk, notice.pk).is_published is False
    with pytest.raises(NotFound):
        selectors.notice_get(who(None), notice.pk)


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 121}, "title"),
        ({"body": "长" * 20_001}, "body"),
        ({"title": "\x00"}, "title"),
    ],
)
def test_what_is_wrong_is_named(desk: Viewer, project: Project, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        services.notice_create(by=desk, project_id=project.pk, **({"title": "公示"} | fields))
    assert error.value.field == field
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "data, more",
    [
        (b"", {}),
        (b"MZ exe", {"name": "a.exe"}),
        (media.jpeg(), {}),
        (media.PDF, {"kind": "other things"}),
        (media.PDF, {"title": "长" * 121}),
    ],
)
def test_a_document_that_is_refused_leaves_nothing(
    desk: Viewer, project: Project, data: bytes, more: dict[str, Any]
) -> None:
    notice = make.notice(project)
    with pytest.raises(DomainError):
        attach(desk, notice, data, **more)
    notice.refresh_from_db()
    assert notice.version == 1
    assert not Attachment.objects.exists()
