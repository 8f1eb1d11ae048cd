"""Keys of programs: shown once, kept as a hash, made by administrators of the own county and by the command line."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from accounts import selectors, services
from accounts.models import ApiKey
from kernel.errors import Forbidden, NotSignedIn
from kernel.viewer import Role, Viewer
from records.models import AuditEvent
from tests.factories import people, places

pytestmark = pytest.mark.django_db


def test_a_key_is_kept_as_a_hash_and_found_by_itself():
    admin = people.user(Role.ADMIN)
    by = Viewer(places.COUNTY, Role.ADMIN, admin.pk)
    row, key = services.api_key_create(by=by, label="热线", rate=7)
    assert (row.label, row.rate, row.may_write) == ("热线", 7, True)
    assert len(key) == 40
    assert key not in str(vars(row))
    assert selectors.api_key_named(key) == row
    assert key not in str(list(AuditEvent.objects.values()))
    for other in ("", "x" * 40, key[:-1], key.upper(), "长" * 200):
        assert selectors.api_key_named(other) is None
    ApiKey.objects.update(is_active=False)
    assert selectors.api_key_named(key) is None


@pytest.mark.parametrize("role", [role for role in people.ROLES if role != Role.ADMIN])
def test_nobody_else_makes_keys(role):
    places.county()
    by = Viewer(places.COUNTY, role, people.user(role).pk if role else None)
    with pytest.raises((Forbidden, NotSignedIn)):
        services.api_key_create(by=by, label="x")
    assert not ApiKey.objects.exists()


def test_the_command_prints_the_key_once():
    places.county()
    out = io.StringIO()
    call_command("api_key", "热线", "--read-only", "--rate", "10", stdout=out)
    row = selectors.api_key_named(out.getvalue().strip())
    assert (row.label, row.may_write, row.rate, row.county_id) == ("热线", False, 10, places.COUNTY)


@pytest.mark.parametrize("arguments", [("",), ("x" * 61,), ("x", "--rate", "0"), ("x", "--county", "990599")])
def test_what_the_command_refuses(arguments):
    places.county()
    with pytest.raises(CommandError):
        call_command("api_key", *arguments)
    assert not ApiKey.objects.exists()


def test_the_admin_shows_it_once(client):
    places.county()
    client.force_login(people.user("admin"), "accounts.backends.Backend")
    form = {"label": "热线", "county": places.COUNTY, "may_write": "on", "rate": 60}
    page = client.post("/admin/accounts/apikey/add/", form, follow=True)
    row = ApiKey.objects.get()
    (told,) = re.findall(r"\b[0-9a-f]{40}\b", page.content.decode())
    assert selectors.api_key_named(told) == row
    again = client.get("/admin/accounts/apikey/", {"key_hash__startswith": row.key_hash[:1]})
    assert again.status_code in (302, 400)
    assert client.post(f"/admin/accounts/apikey/{row.pk}/change/", {"label": "新", "rate": 5}).status_code == 302
    row.refresh_from_db()
    assert (row.label, row.is_active, row.key_hash) == ("新", False, row.key_hash)
    assert AuditEvent.objects.filter(action="apikey.update").exists()
