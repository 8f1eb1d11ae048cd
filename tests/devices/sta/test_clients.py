"""Clients that know nothing of us (PyPI ``frost-sta-client``, ``istsos4-client``), unmodified, at the real server."""

from __future__ import annotations

import datetime as dt

import frost_sta_client as fsc
import pytest
import requests
from frost_sta_client.model.ext.data_array_document import DataArrayDocument
from frost_sta_client.model.ext.data_array_value import DataArrayValue
from istsos4_client import Client, Datastream, Observation, Thing

from devices import services
from tests.devices.sta.conftest import at
from tests.devices.sta.conftest import scene as scene_of
from tests.factories import devices

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    return scene_of.__wrapped__(services.partitions_make())


def test_frost(scene, live_site):
    root = f"{live_site.url}/sta/v1.1"
    service = fsc.SensorThingsService(root)
    found = service.things().query().filter("name eq '荷塘井盖'").expand("Locations,Datastreams").count().list()
    assert (found.count, [one.name for one in found]) == (1, ["荷塘井盖"])
    thing = found.get(0)
    assert [one.name for one in thing.datastreams.entities] == ["荷塘井盖 · 水位", "荷塘井盖 · 水位"]
    stream = service.datastreams().find(scene.level.pk)
    assert stream.unit_of_measurement.symbol == "m"
    newest = stream.get_observations().query().orderby("phenomenonTime").top(2).list()
    assert [newest.get(place).result for place in (0, 1)] == [90, 80]
    assert [one.result for one in newest] == [90, 80, 70, 60, 50, 40], "over three pages"
    observations = service.observations().query().filter(f"Datastream/id eq {stream.id} and result gt 70").list()
    assert [one.result for one in observations] == [80, 90]

    service.auth_handler = fsc.AuthHandler("JG1", devices.token(scene.manhole))
    one = fsc.Observation(phenomenon_time=at(2), result=20, datastream=stream)
    service.create(one)
    assert service.observations().find(one.id).result == 20
    array, document = DataArrayValue(), DataArrayDocument()
    array.datastream = stream
    array.components = {array.Property.PHENOMENON_TIME, array.Property.RESULT}
    for hour in (0, 1):
        array.add_observation(fsc.Observation(phenomenon_time=at(hour), result=hour * 10))
    document.add_data_array_value(array)
    created = service.observations().create(document)
    assert [requests.get(one.self_link, timeout=10).json()["result"] for one in created] == [0, 10]
    for refused, status in ((service.update, "405"), (service.delete, "405")):
        with pytest.raises(requests.HTTPError, match=status):
            refused(thing)
    service.auth_handler = None
    with pytest.raises(requests.HTTPError, match="401"):
        service.create(fsc.Observation(phenomenon_time=at(2), result=20, datastream=stream))


def test_istsos(scene, live_site):
    root = f"{live_site.url}/sta/v1.1"
    with Client(root, username="JG1", password=devices.token(scene.manhole)) as client:
        assert [one.name for one in client.list(Thing, filter="startswith(name, '荷')", expand="Locations")] == [
            "荷塘井盖"
        ]
        stream = client.get(Datastream, scene.level.pk, expand="Thing,Sensor,ObservedProperty")
        assert (stream.unit_of_measurement.symbol, stream.thing.name) == ("m", "荷塘井盖")
        moment = dt.datetime.fromisoformat(at(3))
        made = client.post(Observation(phenomenon_time=moment, result=31.5, datastream=stream.iot_id))
        assert client.get(Observation, made.iot_id).result == 31.5
        many = [
            Observation(phenomenon_time=moment - dt.timedelta(hours=hours), result=hours, datastream=stream)
            for hours in (1, 2)
        ]
        assert client.bulk_observations(many) == 2
        path = f"Datastream/id eq {stream.iot_id} and phenomenonTime lt {at(4)}"
        told = client.list(Observation, filter=path, orderby="phenomenonTime desc", top=2)
        assert [one.result for one in told] == [31.5, 1, 2], "over two pages"
        with pytest.raises(requests.HTTPError, match="foreign_stream"):
            client.post(Observation(phenomenon_time=moment, result=1, datastream=scene.power.pk))
    with pytest.raises(requests.HTTPError, match=r"501.*soundex"):
        Client(root, max_retries=0).list(Thing, filter="soundex(name) eq 1")
