"""A file is as public as what shows it: photos and documents of hidden rows are closed, whoever knows the address."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.viewer import Role
from media.models import Photo
from media.selectors import document_link, photo_url
from projects.models import Attachment
from tests.factories import facilities, media, people, places, projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(settings, tmp_path):
    """A project and a facility with a published photo each, and a notice with a document: (row, address) by name."""
    settings.MEDIA_ROOT, settings.SEALED_ROOT = tmp_path / "media", tmp_path / "sealed"
    places.village()
    project, facility = projects.project(), facilities.facility()
    site = media.photo(media.uploader(), state="published")
    door = media.photo(media.uploader(), data=media.jpeg((320, 240)), state="published")
    projects.project_photo(project, photo=site)
    facilities.facility_photo(facility, door)
    paper = media.document(media.uploader())
    notice = projects.notice(project)
    Attachment.objects.create(notice=notice, document=paper, title="环评")
    return {
        "photo of a project": (project, photo_url(site, "thumb")),
        "photo of a facility": (facility, photo_url(door, "thumb")),
        "document of a notice": (notice, document_link(paper)["url"]),
        "document of a project": (project, document_link(paper)["url"]),
    }


CASES = ["photo of a project", "photo of a facility", "document of a notice", "document of a project"]


@pytest.mark.parametrize("case", CASES)
def test_closed_with_what_shows_it(client, shown, case):
    row, address = shown[case]
    assert client.get(address).status_code == 200
    row.is_published = False
    row.save()
    assert client.get(address).status_code == 404
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=["990521003"]))
    answer = client.get(address)
    assert answer.status_code == 200, "who answers for it still works with it"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_hidden_photo_stays_hidden_on_a_public_project(client, shown):
    _project, address = shown["photo of a project"]
    Photo.objects.update(state="hidden")
    assert client.get(address).status_code == 404


def test_a_file_that_nothing_shows_follows_its_own_state(client, shown):
    lone = media.photo(media.uploader(), data=media.jpeg((300, 200)), state="published")
    assert client.get(photo_url(lone, "thumb")).status_code == 200
    Photo.objects.filter(pk=lone.pk).update(state="pending")
    assert client.get(photo_url(lone, "thumb")).status_code == 404


@pytest.mark.parametrize("case", CASES)
def test_the_rules_are_asked_once_for_the_public(client, shown, case):
    """A hidden file must not cost the server twice what a published one costs, however often it is asked for."""
    row, address = shown[case]
    asked = []
    for open_first in (True, False):
        type(row).objects.update(is_published=open_first)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == (200 if open_first else 404)
        asked.append(len(queries))
    assert asked[1] <= asked[0]
