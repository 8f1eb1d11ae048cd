"""Photos from a phone: matched by position, warned of when far, each standing for itself."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest

from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotSignedIn
from kernel.viewer import Role, Viewer
from media.pipeline.peek import HEAD_BYTES
from media.selectors import original_file
from projects import services
from projects.models import Project, ProjectPhoto
from records.models import AuditEvent
from tests.factories import media, places
from tests.factories import projects as make
from tests.projects.conftest import VILLAGE, who

pytestmark = pytest.mark.django_db

LON, LAT = places.lonlat(VILLAGE)
NEAR = (LON + 0.001, LAT)
"""96 m east of the site."""
FAR = (LON + 0.012, LAT)
"""1.15 km east of the site, in the next village."""
NEXT = "990521003008"
OUT = (100.0, 20.0)


def shot(lonlat: tuple[float, float] | None = None, taken: str = "2026:05:31 08:30:00", name: str = "a.jpg") -> Any:
    data = media.jpeg((320, 240), exif=media.exif(lonlat, taken))
    return services.Upload(io.BytesIO(data), name)


@pytest.fixture
def site() -> Project:
    places.village(NEXT, "桑洲村")
    return make.project(name="供水管网", villages=[places.village()])


@pytest.fixture
def official(site: Project) -> Viewer:
    return who(Role.OFFICIAL, "990521")


def add(by: Viewer, site: Project, upload: Any, **details: Any) -> ProjectPhoto:
    return services.project_photo_add(
        by=by, project_id=site.pk, upload=upload, details=services.PhotoDetails(**details)
    )


def test_photos_are_matched_to_the_nearest_own_project(official: Viewer, site: Project) -> None:
    other = make.project(places.village(NEXT), name="桑洲公路")
    found = services.photos_match(
        by=official, uploads=[shot(NEAR), shot((LON + 0.0095, LAT)), shot(None), shot(OUT), shot((LON + 0.03, LAT))]
    )
    assert [one.project and one.project.project_id for one in found] == [site.pk, other.pk, None, site.pk, other.pk]
    assert [one.village and one.village[0] for one in found] == [VILLAGE, NEXT, None, None, None]
    assert [one.is_far for one in found] == [False, False, False, True, True]
    assert found[0].project
    assert found[0].project.off_m == pytest.approx(96, abs=2)
    assert found[0].taken_on == dt.date(2026, 5, 31)
    assert [bool(one.advice) for one in found] == [False, False, True, True, True]
    assert "请选择项目" in found[2].advice
    assert not ProjectPhoto.objects.exists()


def test_only_projects_that_are_ones_own_are_proposed(site: Project) -> None:
    """A handler standing at a site of another unit gets the nearest of the own unit, far away and warned of."""
    own = make.project(places.village("990521004001"), name="本单位", owner_unit=make.unit("roads"))
    (found,) = services.photos_match(by=who(Role.HANDLER, unit="roads"), uploads=[shot(NEAR)])
    assert found.project
    assert (found.project.project_id, found.is_far) == (own.pk, True)
    (asked,) = services.photos_match(by=who(Role.VILLAGE_AGENT, "990521005001"), uploads=[shot(NEAR)])
    assert asked.project is None


def test_the_head_of_a_file_is_enough(official: Viewer, site: Project) -> None:
    whole = media.jpeg((3000, 2000), exif=media.exif(NEAR, "2026:05:31 08:30:00"))
    head = services.Upload(io.BytesIO(whole[: HEAD_BYTES // 4]), "a.jpg")
    (found,) = services.photos_match(by=official, uploads=[head])
    assert found.project
    assert found.project.project_id == site.pk


@pytest.mark.parametrize("data", [b"", b"no picture", media.PDF, b"\xff\xd8\xff\xe1" + b"\x00" * 40])
def test_what_is_no_picture_asks_instead_of_failing(official: Viewer, data: bytes) -> None:
    (found,) = services.photos_match(by=official, uploads=[services.Upload(io.BytesIO(data), "x")])
    assert (found.has_position, found.project) == (False, None)


@pytest.mark.parametrize("role", [None, Role.CITIZEN, Role.DESK, Role.SUPERVISOR, Role.ADMIN])
def test_matching_is_for_those_who_add(site: Project, role: Role | None) -> None:
    with pytest.raises(Forbidden if role else NotSignedIn):
        services.photos_match(by=who(role, "990521") if role else who(None), uploads=[shot(NEAR)])


def test_a_photo_carries_where_and_when(official: Viewer, site: Project) -> None:
    added = add(official, site, shot(NEAR), caption="管道铺设现场", taken_on=dt.date(2026, 6, 20))
    assert (added.village_id, added.taken_on) == (VILLAGE, dt.date(2026, 5, 31))  # the camera knows better
    assert added.off_m == pytest.approx(96, abs=2)
    assert added.photo.alt == "管道铺设现场"
    assert added.photo.state == "published"
    event = AuditEvent.objects.get(action="project.photo_add")
    assert event.object_id == str(site.pk)


def test_a_photo_without_position_belongs_to_the_village_of_the_site(official: Viewer, site: Project) -> None:
    added = add(official, site, shot(None, ""), taken_on=dt.date(2026, 6, 20))
    assert (added.village_id, added.off_m, added.taken_on) == (VILLAGE, None, dt.date(2026, 6, 20))
    assert "供水管网" in added.photo.alt


def test_a_photo_taken_far_away_must_be_confirmed(official: Viewer, site: Project) -> None:
    with pytest.raises(Conflict) as error:
        add(official, site, shot(FAR))
    assert error.value.code == "far_from_site"
    assert "1.2 公里" in str(error.value.message)
    assert not ProjectPhoto.objects.exists()
    added = add(official, site, shot(FAR), confirm_far=True)
    assert added.village_id == NEXT
    assert added.off_m == pytest.approx(1150, rel=0.02)


@pytest.mark.parametrize(
    "upload, details, code, field",
    [
        (lambda: shot(None, ""), {}, "date_missing", "taken_on"),
        (lambda: shot(None, ""), {"taken_on": dt.date(2026, 7, 1)}, "invalid", "taken_on"),
        (lambda: shot(NEAR), {"village": "990521004001"}, "invalid", "village"),
        (lambda: shot(NEAR), {"caption": "长" * 121}, "invalid", "caption"),
        (lambda: shot(NEAR), {"moment": "later"}, "invalid", "moment"),
        (lambda: services.Upload(io.BytesIO(media.PDF), "a.jpg"), {}, "unsupported_type", "file"),
        (
            lambda: services.Upload(io.BytesIO(media.jpeg()[:900]), "a.jpg"),
            {"taken_on": dt.date(2026, 6, 1)},
            "",
            "file",
        ),
    ],
)
def test_what_is_wrong_with_a_photo_is_named(
    official: Viewer, site: Project, upload: Any, details: dict[str, Any], code: str, field: str
) -> None:
    places.village("990521004001")
    with pytest.raises(DomainError) as error:
        add(official, site, upload(), **details)
    assert error.value.field == field
    assert not code or error.value.code == code
    assert not ProjectPhoto.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_broken_photo_does_not_stop_the_others(official: Viewer, site: Project) -> None:
    uploads = [shot(NEAR), services.Upload(io.BytesIO(b"broken"), "b.jpg"), shot(FAR, name="c.jpg"), shot(NEAR)]
    outcomes = services.project_photos_add(
        by=official, project_id=site.pk, uploads=uploads, details=services.PhotoDetails()
    )
    assert [one.error.code if one.error else "" for one in outcomes] == [
        "", outcomes[1].error and outcomes[1].error.code, "far_from_site", ""
    ]  # fmt: skip
    assert outcomes[1].error
    assert ProjectPhoto.objects.count() == 2


@pytest.mark.parametrize("number", [0, 31])
def test_the_number_of_photos_is_bounded(official: Viewer, site: Project, number: int) -> None:
    with pytest.raises(Invalid):
        services.project_photos_add(
            by=official, project_id=site.pk, uploads=[shot()] * number, details=services.PhotoDetails()
        )


def test_a_removed_photo_is_hidden_and_its_original_stays(official: Viewer, site: Project) -> None:
    added = add(official, site, shot(NEAR))
    services.project_photo_remove(by=official, photo_id=added.pk)
    assert not ProjectPhoto.objects.exists()
    added.photo.refresh_from_db()
    assert added.photo.state == "hidden"
    assert original_file(added.photo).exists()


def test_what_is_said_about_a_photo_can_be_changed(official: Viewer, site: Project) -> None:
    added = add(official, site, shot(NEAR))
    changed = services.project_photo_update(
        by=official,
        photo_id=added.pk,
        version=1,
        fields={
            "caption": "回填",
            "moment": "after",
            "taken_on": dt.date(2026, 6, 1),
            "alt": "填好的沟",
            "caption_en": "Trench filled",
            "alt_en": "A filled trench",
            "village": VILLAGE,
        },
    )
    changed.refresh_from_db()
    assert (changed.caption, changed.moment, changed.photo.alt) == ("回填", "after", "填好的沟")
    assert (changed.caption_en, changed.photo.alt_en) == ("Trench filled", "A filled trench")
    with pytest.raises(Invalid):
        services.project_photo_update(by=official, photo_id=added.pk, version=2, fields={"village": NEXT})
    with pytest.raises(Conflict):  # read before the change above
        services.project_photo_update(by=official, photo_id=added.pk, version=1, fields={"caption": "旧的"})
