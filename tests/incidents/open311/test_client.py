"""A client that knows nothing of us (PyPI ``georeport``), unmodified, against the real server."""

from __future__ import annotations

import pytest
import requests
import xmltodict
from django.db import transaction
from georeport import GeoReport

from accounts import services
from incidents.models import Report
from kernel.viewer import Viewer
from records.services import history_append
from tests.factories import incidents, people, places
from tests.incidents.open311.conftest import QUESTIONS

pytestmark = pytest.mark.django_db(transaction=True)
LON, LAT = places.lonlat("990521003007001")


@pytest.fixture
def site(live_site):
    """The server, a county with one service that asks questions, a public report, and a key."""
    places.village()
    places.grid()
    incidents.category("lamp", attributes=QUESTIONS)
    row = incidents.report(number="2606-8A2Q4")
    with transaction.atomic():
        history_append(by=people.viewer("desk"), obj=row, move="accept", states=("submitted", "accepted"))
    return live_site.url


@pytest.mark.parametrize("output_format", ["json", "xml"])
def test_it_reads_everything(site, output_format):
    client = GeoReport(f"{site}/open311/v2", jurisdiction=places.COUNTY, output_format=output_format)
    is_xml = output_format == "xml"
    # xmltodict makes one item of a list of one: the client does no better with anybody's XML
    services_found, found = client.get_service_list(), client.get_service_requests(status="open")
    service = services_found if is_xml else services_found[0]
    assert (service["service_code"], service["metadata"]) == ("lamp", "true" if is_xml else True)
    definition = client.get_service_definition("lamp")
    assert definition["service_code"] == "lamp"
    attributes = definition["attributes"]["attribute"] if is_xml else definition["attributes"]
    assert len(attributes) == len(QUESTIONS["properties"])
    listed = found if is_xml else found[0]
    single = client.get_service_request("2606-8A2Q4")
    assert listed == single
    assert single["service_request_id"] == "2606-8A2Q4"
    assert isinstance(single["lat"], str if is_xml else float)
    closed = GeoReport(f"{site}/open311/v2").get_service_requests(status="closed")
    assert closed == []


def test_it_hears_of_errors(site):
    client = GeoReport(f"{site}/open311/v2", jurisdiction="123456")
    for call in (client.get_service_list, client.get_service_requests, lambda: client.get_service_request("x")):
        with pytest.raises(requests.HTTPError, match="404"):
            call()
    with pytest.raises(requests.HTTPError, match="400"):
        GeoReport(f"{site}/open311/v2").get_service_requests(start_date="2026-01-01", end_date="2026-06-01")


def test_from_discovery_to_a_public_request(site):
    discovery = xmltodict.parse(requests.get(f"{site}/open311/discovery.xml", timeout=10).content)["discovery"]
    endpoint = discovery["endpoints"]["endpoint"]
    assert endpoint["url"] == f"{site}/open311/v2"
    key = services.api_key_create(by=Viewer(places.COUNTY, label=services.COMMAND_LINE), label="热线")[1]
    form = {
        "api_key": key,
        "jurisdiction_id": places.COUNTY,
        "service_code": "lamp",
        "lat": LAT,
        "long": LON,
        "description": "路灯坏了三天了",
        "attribute[pole]": "A-17",
    }
    sent = requests.post(f"{endpoint['url']}/requests.json", data=form, timeout=10)
    assert sent.status_code == 201, sent.text
    number = sent.json()[0]["service_request_id"]
    client = GeoReport(endpoint["url"])
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_request(number)
    row = Report.objects.get(number=number)
    row.order, row.state = incidents.order(row, state="in_progress"), "accepted"
    row.save()
    found = client.get_service_request(number)
    assert (found["status"], found["service_code"]) == ("open", "lamp")
    updates = requests.get(f"{endpoint['url']}/servicerequestupdates.json", timeout=10).json()
    assert [one["description"] for one in updates if one["service_request_id"] == "2606-8A2Q4"] == ["受理"]


def test_pages_of_others_may_read(site):
    answer = requests.get(f"{site}/open311/v2/requests.json", headers={"Origin": "https://example.org"}, timeout=10)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = requests.get(
        f"{site}/open311/v2/requests.json", headers={"If-None-Match": answer.headers["ETag"]}, timeout=10
    )
    assert again.status_code == 304
