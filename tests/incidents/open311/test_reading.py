"""Services, definitions and requests: contents of both formats, filters, limits, errors."""

from __future__ import annotations

import datetime as dt
import json
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from dispatch.models import Reply
from incidents.models import Attachment, Report
from incidents.open311.rendering import rendered
from kernel import clock
from records.services import history_append
from tests.factories import incidents, media, people, places
from tests.incidents.open311 import schemas

pytestmark = pytest.mark.django_db


def get(path, status=200, /, **query):
    answer = Client().get(f"/open311/{path}", query)
    assert answer.status_code == status, answer.content
    return answer


def listed(**query):
    return get("v2/requests.json", **query).json()


def numbers(**query):
    return {one["service_request_id"] for one in listed(**query)}


def of_xml(element, *, lists=("services", "attributes", "values", "endpoints", "formats", "photos", "errors")):
    """What the Spark convention makes of XML, all leaves as texts ("" = None)."""
    if element.tag in (*lists, "service_requests", "service_request_updates"):
        return [of_xml(child) for child in element]
    if len(element):
        return {child.tag: of_xml(child) for child in element}
    return element.text or ""


def leaves(value):
    """JSON with its leaves as texts, as XML has them."""
    if isinstance(value, dict):
        return {name: leaves(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [leaves(inner) for inner in value]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def same_in_both(path, **query):
    xml, plain = get(f"{path}.xml", **query), get(f"{path}.json", **query)
    assert xml["Content-Type"] == "text/xml; charset=utf-8"
    assert plain["Content-Type"] == "application/json; charset=utf-8"
    assert xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert of_xml(ET.fromstring(xml.content)) == leaves(plain.json())
    return plain.json()


def valid(schema, value):
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(value)


# ---------------------------------------------------------------- discovery and services


def test_discovery(village):
    found = same_in_both("discovery")
    valid(schemas.DISCOVERY, found)
    assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
    assert dt.datetime.fromisoformat(found["changeset"]) < dt.datetime.now(dt.UTC), "a day in the past"


def test_services_are_leaves(village):
    found = same_in_both("v2/services")
    valid(schemas.SERVICES, found)
    assert [one["service_code"] for one in found] == ["abuse", "lamp", "noise", "other"]
    lamp = found[1]
    assert lamp == {
        "service_code": "lamp",
        "service_name": "路灯",
        "description": "路灯不亮、闪烁、倾斜",
        "metadata": True,
        "type": "realtime",
        "keywords": "路灯, 灯",
        "group": "城市管理",
    }
    assert found[2]["metadata"] is False
    assert get("v2/services.json", lang="en").json()[1]["service_name"] == "Lamp"


def test_a_definition(village):
    found = same_in_both("v2/services/lamp")
    valid(schemas.DEFINITION, found)
    by_code = {one["code"]: one for one in found["attributes"]}
    kinds = {code: one["datatype"] for code, one in by_code.items()}
    assert kinds == {
        "pole": "string",
        "lamps": "number",
        "since": "datetime",
        "more": "text",
        "kind": "singlevaluelist",
        "days": "multivaluelist",
        "danger": "singlevaluelist",
        "hint": "string",
    }
    assert [found["attributes"][n]["order"] for n in range(8)] == list(range(1, 9))
    assert list(by_code)[:2] == ["pole", "lamps"]
    assert by_code["pole"]["required"] is True
    assert by_code["pole"]["datatype_description"] == "杆上的蓝牌"
    assert (by_code["hint"]["variable"], by_code["kind"]["values"][0]) == (False, {"key": "off", "name": "不亮"})
    assert same_in_both("v2/services/noise") == {"service_code": "noise", "attributes": []}
    english = {one["code"]: one for one in get("v2/services/lamp.json", lang="en").json()["attributes"]}
    assert (english["kind"]["description"], english["pole"]["description"]) == ("What is wrong", "灯杆编号")
    assert english["kind"]["values"][0] == {"key": "off", "name": "Out"}


# ---------------------------------------------------------------- requests


def answered(number="2606-AAAAA", text="已经修好，详情请打13800138000"):
    row = incidents.report(state="answered", number=number, answered_at=clock.now())
    unit = people.unit()
    Reply.objects.create(order=row.order, number=1, text="草稿", unit=unit)
    Reply.objects.create(order=row.order, number=2, text=text, unit=unit)
    return row


def test_a_request(village):
    row = incidents.report(number="2606-8A2Q4", public_text="路口第三盏", followers=2)
    found = same_in_both("v2/requests", extensions="true")
    valid(schemas.REQUESTS, found)
    (one,) = found
    assert one["status"] == "open"
    assert one["status_notes"] == "办理中"
    assert (one["service_code"], one["service_name"]) == ("lamp", "路灯")
    assert (one["description"], one["agency_responsible"]) == ("路口第三盏", "交通运输局")
    assert one["expected_datetime"] == row.order.due_at.isoformat(timespec="seconds")
    assert one["requested_datetime"].endswith("+08:00")
    assert one["address_id"] == "990521003007"
    assert one["address"].split(", ")[-1] == "云溪县"
    assert (one["long"], one["lat"]) == pytest.approx((row.public_geom.x, row.public_geom.y), abs=1e-6)
    assert one["extended_attributes"]["status"] == "in_progress"
    assert one["extended_attributes"]["followers"] == 2
    assert "extended_attributes" not in listed()[0], "only where asked for"
    assert same_in_both("v2/requests/2606-8a2q4")[0]["service_request_id"] == "2606-8A2Q4"


def test_an_answer_is_masked_and_only_the_last_version(village):
    answered()
    (one,) = listed()
    assert one["status"] == "closed"
    assert one["status_notes"] == "已答复：已经修好，详情请打****"
    assert one["updated_datetime"] == clock.now().isoformat(timespec="seconds")
    assert "草稿" not in json.dumps(listed(), ensure_ascii=False)


def test_merged_ones_say_into_what(village):
    into = incidents.report(number="2606-INTOO")
    row = incidents.report(state="submitted", number="2606-MERGE")
    Report.objects.filter(pk=row.pk).update(state="merged", merged_into=into)
    (one,) = listed(service_request_id="2606-MERGE")
    assert (one["status"], one["status_notes"]) == ("closed", "并案：2606-INTOO")
    Report.objects.filter(pk=into.pk).update(is_public=False)
    (one,) = listed(service_request_id="2606-MERGE", extensions="true")
    assert (one["status_notes"], one["extended_attributes"]["merged_into"]) == ("并案", None)


@pytest.mark.parametrize("state", ["submitted", "need_info", "rejected", "withdrawn"])
def test_what_nobody_accepted_is_not_there(village, state):
    incidents.report(state=state, number="2606-HIDDE")
    assert listed() == []
    assert listed(service_request_id="2606-HIDDE") == []
    get("v2/requests/2606-HIDDE.json", 404)
    assert get("v2/requests.xml").content.endswith(b"<service_requests />")


def test_only_photos_that_moderation_published(village):
    row = incidents.report()
    shown, hidden = media.photo(), media.photo()
    for photo, state in ((hidden, "pending"), (shown, "published")):
        type(photo).objects.filter(pk=photo.pk).update(state=state)
        Attachment.objects.create(report=row, photo=photo, part="reporter")
    (one,) = same_in_both("v2/requests", extensions="true")
    assert one["media_url"].startswith("http://testserver/media/p/")
    assert shown.token in one["media_url"]
    assert hidden.token not in json.dumps(one)
    assert len(one["extended_attributes"]["photos"]) == 1


def test_filters(village):
    west, south, east, north = places.bbox("990521003007")
    incidents.report(number="2606-OPEN1")
    answered("2606-DONE1")
    other = incidents.report(number="2606-NOISE", category=incidents.category("noise"))
    old = incidents.report(number="2601-OLD01")
    Report.objects.filter(pk=old.pk).update(submitted_at="2026-01-10T00:00:00Z")
    assert numbers() == {"2606-OPEN1", "2606-DONE1", "2606-NOISE"}
    assert numbers(status="open") == {"2606-OPEN1", "2606-NOISE"}
    assert numbers(status="closed") == {"2606-DONE1"}
    assert numbers(status="open,closed") == numbers()
    assert numbers(service_code="noise") == {"2606-NOISE"}
    assert numbers(service_code=["noise", "lamp"]) == numbers(service_code="noise,lamp") == numbers()
    assert numbers(service_code="nothing") == set()
    assert numbers(service_request_id="2606-DONE1,2601-OLD01,x", status="open") == {"2606-DONE1", "2601-OLD01"}
    assert numbers(start_date="2026-01-01T00:00:00Z") == {"2601-OLD01"}
    assert numbers(start_date="2026-01-01", end_date="2026-01-31T00:00:00 08:00") == {"2601-OLD01"}
    assert numbers(end_date="2026-01-31T00:00:00Z") == {"2601-OLD01"}
    assert numbers(bbox=f"{west},{south},{east},{north}") == numbers()
    assert numbers(bbox="0,0,1,1") == set()
    assert numbers(status="", service_code="", bbox="") == numbers(), "empty is not given"
    assert numbers(jurisdiction_id=places.COUNTY, api_key="wrong", _="17") == numbers()
    assert other.category.code == "noise"


def test_several_counties(village):
    places.county("990522", "邻县")
    places.village("990522001001")
    incidents.report(number="2606-HERE1")
    incidents.report("990522001001", number="2606-THERE")
    assert numbers() == {"2606-HERE1"}
    assert numbers(jurisdiction_id="990522") == {"2606-THERE"}
    get("v2/requests/2606-HERE1.json", 404, jurisdiction_id="990522")


def test_pages(village):
    for n in range(5):
        row = incidents.report(number=f"2606-PAGE{n}")
        Report.objects.filter(pk=row.pk).update(submitted_at=clock.now() - dt.timedelta(hours=n))
    shown = [[one["service_request_id"] for one in listed(page=n, page_size=2)] for n in (1, 2, 3, 4)]
    assert shown == [["2606-PAGE0", "2606-PAGE1"], ["2606-PAGE2", "2606-PAGE3"], ["2606-PAGE4"], []]


def test_a_thousand_rows_at_most_and_few_queries(village):
    row = incidents.report()
    rows = [Report(**{f.attname: getattr(row, f.attname) for f in Report._meta.concrete_fields} | {"id": None})
            for _ in range(1001)]  # fmt: skip
    for n, one in enumerate(rows):
        one.number = f"2605-{n:05}"
    Report.objects.bulk_create(rows)
    for size in (1, 1000):
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(page_size=size)) == size
        assert len(queries) <= 7, [query["sql"][:100] for query in queries]
    assert len(listed()) == 1000


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "path, query, status",
    [
        ("v2/requests", {"lat": 30, "long": 120, "radius": 5}, 400),
        ("v2/requests", {"county": "990521"}, 400),
        ("v2/requests", {"colour": "red"}, 400),
        ("v2/requests", {"status": "red"}, 400),
        ("v2/requests", {"bbox": "1,2,3"}, 400),
        ("v2/requests", {"bbox": "3,2,1,4"}, 400),
        ("v2/requests", {"page": 0}, 400),
        ("v2/requests", {"page_size": 1001}, 400),
        ("v2/requests", {"page": ["1", "2"]}, 400),
        ("v2/requests", {"start_date": "yesterday"}, 400),
        ("v2/requests", {"start_date": "2026-06-01T00:00:00"}, 400),
        ("v2/requests", {"start_date": "2026-13-01"}, 400),
        ("v2/requests", {"start_date": "0001-01-01"}, 200),
        ("v2/requests", {"start_date": "9999-12-31"}, 400),
        ("v2/requests", {"start_date": "2026-01-01", "end_date": "2026-06-01"}, 400),
        ("v2/requests", {"start_date": "2026-06-02", "end_date": "2026-06-01"}, 400),
        ("v2/requests", {"jurisdiction_id": "123456"}, 404),
        ("v2/requests", {"jurisdiction_id": "city.gov"}, 404),
        ("v2/services", {"jurisdiction_id": "123456"}, 404),
        ("v2/services", {"page": 1}, 400),
        ("v2/services/ghosts", {}, 404),
        ("v2/services/city", {}, 404),
        ("v2/requests/2606-00000", {}, 404),
        ("v2/tokens/12345678", {}, 404),
        ("v2/servicerequestupdates", {"status": "open"}, 400),
        ("v2/nothing", {}, 404),
        ("v3/requests", {}, 404),
    ],
)
def test_errors_have_the_shape_of_the_standard(village, path, query, status):
    for suffix in ("json", "xml"):
        answer = get(f"{path}.{suffix}", status, **query)
        assert answer["Access-Control-Allow-Origin"] == "*"
    if status == 200:
        return
    plain = get(f"{path}.json", status, **query).json()
    valid(schemas.ERRORS, plain)
    assert plain[0]["code"] == status
    assert of_xml(ET.fromstring(answer.content)) == leaves(plain)


def test_other_methods_and_formats(village):
    for method in ("put", "delete", "patch"):
        answer = getattr(Client(), method)("/open311/v2/requests.json")
        assert (answer.status_code, answer.json()[0]["code"]) == (405, 405)
    assert Client().post("/open311/v2/services.json").status_code == 405
    assert Client().post("/open311/v2/requests/2606-00000.json").status_code == 405
    assert get("v2/requests.yaml", 404).json()[0]["code"] == 404
    assert get("", 404).json()[0]["code"] == 404


def test_pages_of_others_may_ask_first(village):
    answer = Client().options("/open311/v2/requests.json", headers={"Origin": "https://example.org"})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD"


def test_the_header_accept_does_not_matter(village):
    for accept in ("text/html", "application/xml", "image/png", ""):
        answer = Client().get("/open311/v2/services.xml", headers={"Accept": accept})
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml; charset=utf-8")


def test_an_unchanged_list_is_not_sent_again(village):
    incidents.report()
    first = get("v2/requests.json")
    again = Client().get("/open311/v2/requests.json", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
    incidents.report()
    assert get("v2/requests.json")["ETag"] != first["ETag"]


def test_staff_see_no_more_than_everybody(village):
    incidents.report(state="submitted")
    client = Client()
    client.force_login(people.user("desk", jurisdiction=[places.COUNTY]), "accounts.backends.Backend")
    assert client.get("/open311/v2/requests.json").json() == []


def test_one_address_is_slowed_down_and_a_key_has_a_pace_of_its_own(village, key, monkeypatch):
    from accounts.models import ApiKey
    from incidents.open311.pace import KeyPace

    monkeypatch.setattr(KeyPace, "rate", "2/min")
    ApiKey.objects.update(rate=3)
    assert [Client().get("/open311/v2/services.json").status_code for _ in range(3)] == [200, 200, 429]
    refused = get("v2/services.xml", 429)
    assert int(refused["Retry-After"]) > 0
    assert ET.fromstring(refused.content).findtext("error/code") == "429"
    with_key = [Client().get("/open311/v2/services.json", {"api_key": key}).status_code for _ in range(4)]
    assert with_key == [200, 200, 200, 429]


# ---------------------------------------------------------------- updates


def test_updates_tell_steps_and_never_who(village):
    row = answered()
    by = people.viewer("desk", label="desk · canary-who")
    history_append(by=by, obj=row, move="accept", states=("submitted", "accepted"), data={"x": "canary-data"})
    history_append(by=by, obj=row, move="comment", data={"text": "canary-comment"})
    history_append(by=by, obj=row.order, move="sign", states=("assigned", "in_progress"))
    history_append(by=by, obj=row.order, move="supervise", data={"text": "canary-order"})
    history_append(by=by, obj=row, move="answer", states=("accepted", "answered"))
    hidden = incidents.report(state="submitted", number="2606-HIDDE")
    history_append(by=by, obj=hidden, move="submit", states=("", "submitted"))
    found = same_in_both("v2/servicerequestupdates")
    valid(schemas.UPDATES, found)
    assert [(one["status"], one["description"]) for one in found] == [
        ("open", "受理"),
        ("open", "签收"),
        ("closed", "答复：已经修好，详情请打****"),
    ]
    assert {one["service_request_id"] for one in found} == {row.number}
    assert "canary" not in json.dumps(found)
    assert found == get("v2/servicerequestupdates.json", service_request_id=f"{row.number},2606-HIDDE").json()
    assert get("v2/servicerequestupdates.json", end_date="2026-06-01").json() == []
    assert len(get("v2/servicerequestupdates.json", page=2, page_size=2).json()) == 1
    with CaptureQueriesContext(connection) as queries:
        get("v2/servicerequestupdates.json")
    assert len(queries) <= 7, [query["sql"][:100] for query in queries]


# ---------------------------------------------------------------- rendering

TEXTS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text())
ROWS = st.lists(st.dictionaries(st.sampled_from(["status_notes", "description", "lat", "address"]), TEXTS), max_size=4)


@given(ROWS)
@settings(max_examples=200)
def test_both_formats_say_the_same_of_any_row(rows):
    xml = ET.fromstring(rendered("service_requests", rows, "xml"))
    plain = json.loads(rendered("service_requests", rows, "json"))
    expected = leaves(plain)
    assert of_xml(xml) == [row or "" for row in expected]
