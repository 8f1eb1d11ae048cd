"""What the screen of a hall is told to show, for every kind of address somebody may type into it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from kernel.viewer import Role
from places.models import Kind
from tests.factories import people, places

pytestmark = pytest.mark.django_db
TOWN, VILLAGE, COMMUNITY = "990521003", "990521003007", "990521004001"
WHOLE = [TOWN, "990521004"]


@pytest.fixture(autouse=True)
def _places() -> None:
    places.village(VILLAGE, "荷塘村", name_en="Hetang Village")
    places.township("990521004", "古棠镇")
    places.village(COMMUNITY, "古棠社区", kind=Kind.COMMUNITY)
    places.township("990522001", "别县镇")


def kiosk(query: str, client: Client | None = None) -> Any:
    answer = (client or Client()).get(f"/kiosk{query}", headers={"accept": "text/html"})
    assert answer.status_code == 200
    return answer


def plan(query: str) -> Any:
    found = re.search(
        r'<script id="plan" type="application/json">(.*?)</script>', kiosk(query).content.decode(), re.DOTALL
    )
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", WHOLE),
        ("?place=990521", WHOLE),
        (f"?place={TOWN}", [VILLAGE]),
        (f"?place={VILLAGE}", [VILLAGE]),
        ("?place=990522", ["990522001"]),
        ("?place=990522001", ["990522001"]),
        ("?audience=village", [VILLAGE]),
        ("?audience=community", [COMMUNITY]),
        ("?audience=community&place=990521004", [COMMUNITY]),
    ],
)
def test_what_is_shown_one_after_the_other(query: str, codes: list[str]) -> None:
    told = plan(query)
    assert [place["code"] for place in told["places"]] == codes
    assert told["notices"] == []


@pytest.mark.parametrize(
    ("query", "said", "codes"),
    [
        ("?place=990521099", "没有代码为“990521099”的地方，现在显示云溪县。", WHOLE),
        ("?place=x", "没有代码为“x”的地方，现在显示云溪县。", WHOLE),
        ("?place=110101", "没有代码为“110101”的地方", WHOLE),
        ("?audience=king", "audience 只能是 village、community、park，不能是“king”", WHOLE),
        ("?audience=park", "云溪县没有登记园区", WHOLE),
        (f"?audience=park&place={TOWN}", "石桥镇没有登记园区", [VILLAGE]),
        ("?seconds=1", "seconds 要是 5 到 300 之间的整数，不能是“1”", WHOLE),
        ("?seconds=soon", "不能是“soon”", WHOLE),
        ("?views=board,news", "views 只能是 townships、board、counts，不能是“news”", WHOLE),
        ("?veiws=board", "不认识参数“veiws”", WHOLE),
    ],
)
def test_what_cannot_be_used_is_said_and_the_wall_is_never_blank(query: str, said: str, codes: list[str]) -> None:
    told = plan(query)
    (notice,) = told["notices"]
    assert said in notice
    assert [place["code"] for place in told["places"]] == codes
    assert told["views"]
    assert told["seconds"] == 15


def test_what_is_asked_for_is_taken() -> None:
    told = plan("?seconds=30&views=counts,board,counts&hall=一楼&audience=community")
    assert (told["seconds"], told["views"], told["hall"]) == (30, ["counts", "board"], "一楼")
    assert (told["audience"], told["home"]) == ("community", "/")
    assert plan("?place=990522")["home"] == "/c/990522/"
    assert plan("?lang=en")["places"][0]["level"] == "township"
    assert len(plan(f"?hall={'长' * 99}")["hall"]) == 40


def test_nothing_typed_into_the_address_becomes_part_of_the_page() -> None:
    text = kiosk("?hall=</script><b>x&place=<i>&audience=<i>").content.decode()
    assert "<b>x" not in text
    assert "<i>" not in text


def test_a_hall_is_full_of_strangers_whoever_is_signed_in() -> None:
    client = Client()
    client.force_login(people.user(Role.ADMIN, username="keeper"))
    text = kiosk("", client).content.decode()
    assert "keeper" not in text
    assert "csrf" not in text
