"""A canary in the private field of contacts: nobody meets it on the public side, in any format."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.viewer import Role
from tests.factories import people, places

pytestmark = pytest.mark.django_db
HETANG, TOWN = "990521003007", "990521003"
CANARY = "13912345678"
HIDDEN = "0572-0999 0000"
PATHS = (
    "/",
    "/c/990521/",
    f"/village/{HETANG}",
    f"/village/{TOWN}",
    "/village/990521",
    f"/api/places/{HETANG}",
    f"/api/places/{HETANG}/panel",
    f"/api/places/{TOWN}/panel",
    "/api/places/990521/panel",
    "/api/county/",
    "/api/search?q=代办员",
    f"/api/search?q={CANARY}",
    "/api/layers/",
    "/api/layers/villages/features",
    "/api/layers/townships/features",
)


@pytest.fixture(autouse=True)
def _contacts() -> None:
    for place in (places.village(HETANG), places.township(TOWN), places.county().places.get(pk="990521")):
        places.contact(place, "代办员", mobile=CANARY)
        places.contact(place, "内部", HIDDEN, is_published=False)


@pytest.mark.parametrize("role", people.ROLES)
def test_no_public_answer_holds_a_mobile_or_a_hidden_number(role: Role | None) -> None:
    client = Client()
    if role:
        client.force_login(people.user(role, jurisdiction=["990521"]))
    for path in PATHS:
        for language in ("", "en"):
            answer = client.get(path, headers={"accept-language": language})
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code == 200, path
            assert CANARY.encode() not in text.replace(f"q={CANARY}".encode(), b""), path
            assert HIDDEN.encode() not in text, path


def test_the_canary_sings_where_it_may() -> None:
    client = Client()
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=["990521"]))
    assert CANARY in client.get("/api/contacts/").content.decode()
