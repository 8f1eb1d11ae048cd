"""The eight sets. A device is the thing, its place the location and the feature; a kind of device is the sensor."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Concat

from devices.models import Datastream, Device, DeviceType, Latest, Observation
from devices.querysets import ALARM_STATES
from devices.sta.entities import EntitySet, Property, Relation, Row, column, fixed, group
from devices.sta.functions import JUST_AFTER
from devices.sta.identity import microseconds, moment_of, observation_key, observation_number, word_number
from devices.sta.identity import word_number_of as number_of
from kernel.viewer import Viewer

GEOJSON = "application/geo+json"
OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
UCUM = "http://www.opengis.net/def/uom/UCUM/0/"
QUALITY = {0: "good", 1: "out of range"}
SEPARATOR = " · "


def stamp(moment: Any) -> str | None:
    """A moment as the standard writes it."""
    return moment.isoformat(timespec="auto").replace("+00:00", "Z") if moment else None


def _devices(viewer: Viewer) -> QuerySet[Any]:
    return Device.objects.visible_to(viewer)


def _things(viewer: Viewer) -> QuerySet[Any]:
    return _devices(viewer).select_related("type", "village").defer("geom")


def _places(viewer: Viewer) -> QuerySet[Any]:
    return _devices(viewer).select_related("village")


def _moved(viewer: Viewer) -> QuerySet[Any]:
    return _devices(viewer).filter(updated_at__isnull=False)


def _streams(viewer: Viewer) -> QuerySet[Any]:
    return Datastream.objects.filter(device__in=_devices(viewer)).select_related("device")


def _kinds(viewer: Viewer) -> QuerySet[Any]:
    return DeviceType.objects.filter(Exists(_devices(viewer).filter(type=OuterRef("pk"))))


def _observed(viewer: Viewer) -> QuerySet[Any]:
    """Of each observed property the first stream."""
    first = _streams(viewer).order_by().values("observed_property").annotate(first=Min("pk")).values("first")
    return Datastream.objects.filter(pk__in=first)


def _observations(viewer: Viewer) -> QuerySet[Any]:
    return Observation.objects.filter(stream__device__in=_devices(viewer))


def _state(prefix: str) -> Case:
    alarms = [When(**{f"{prefix}alarm": level, "then": Value(word)}) for level, word in ALARM_STATES.items()]
    return Case(*alarms, default=F(f"{prefix}status"), output_field=CharField())


def _since(prefix: str) -> Case:
    """Since when it speaks or is silent, where that is its state."""
    return Case(When(**{f"{prefix}alarm": 0, "then": F(f"{prefix}since")}), output_field=DateTimeField())


def _point(row: Row) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [row.geom.x, row.geom.y]}


def _unit(row: Row) -> dict[str, str | None]:
    if not row.unit:
        return {"name": None, "symbol": None, "definition": None}
    return {"name": row.unit, "symbol": row.unit, "definition": UCUM + quote(row.unit, safe="")}


def _stream_name(prefix: str) -> Concat:
    return Concat(F(f"{prefix}device__name"), Value(SEPARATOR), F(f"{prefix}title"), output_field=CharField())


def _numbered(prefix: str, number: int) -> Q:
    return Q(**{f"{prefix}pk": number}) if 0 <= number < 2**63 else Q(pk__in=[])


def _found(prefix: str, number: int) -> Q:
    key = observation_key(number)
    return Q(**{f"{prefix}stream_id": key[0], f"{prefix}ts": moment_of(key[1])}) if key else Q(pk__in=[])


def _read_number(row: Row) -> int:
    return observation_number(row.stream_id, microseconds(row.ts))


def first_reading(prefix: str) -> Subquery:
    """When the first reading of streams is from, None where there is none."""
    rows = Observation.objects.filter(stream_id=OuterRef(f"{prefix}pk"))
    return Subquery(rows.order_by("ts").values("ts")[:1])


def newest_reading(prefix: str) -> Subquery:
    """When the newest reading of streams is from, None where there is none."""
    return Subquery(Latest.objects.filter(stream_id=OuterRef(f"{prefix}pk")).values("ts"))


def _pk(row: Row) -> Any:
    return row.pk


def _to(target: str, way: str | None = "", *, many: bool = False) -> Relation:
    """To another entity of the same device."""
    return Relation(target, many, _pk, "pk", _pk, way)


def _streams_of(there: str, back: Any, here: Any = _pk, way: str | None = None) -> Relation:
    return Relation("Datastreams", True, here, there, back, way)


def _device_set(name: str, rows: Any, properties: dict[str, Property], relations: dict[str, Relation]) -> EntitySet:
    return EntitySet(name, rows, _pk, _numbered, lambda prefix: F(f"{prefix}id"), ("pk",), properties, relations)


def _kind_of(row: Row) -> str:
    return str(row.device.type_id)


def _property_of(row: Row) -> str:
    return str(row.observed_property)


_SPAN = Property(
    lambda row: row.span,
    "interval",
    first_reading,
    lambda prefix: ExpressionWrapper(newest_reading(prefix) + JUST_AFTER, DateTimeField()),
)
_VILLAGE = {"village": column("village_id"), "village_name": column("village__name")}

_ALL = (
    _device_set(
        "Things",
        _things,
        {
            "name": column("name"),
            "description": column("type__title"),
            "properties": group(
                code=column("code"),
                name_en=column("name_en"),
                kind=column("type_id"),
                state=Property(lambda row: ALARM_STATES.get(row.alarm, row.status), "text", _state),
                since=Property(lambda row: None if row.alarm else stamp(row.since), "time", _since),
                **_VILLAGE,
            ),
        },
        {
            "Locations": _to("Locations", many=True),
            "HistoricalLocations": _to("HistoricalLocations", many=True),
            "Datastreams": _streams_of("device_id", lambda row: row.device_id, way="streams__"),
        },
    ),
    _device_set(
        "Locations",
        _places,
        {
            "name": column("name"),
            "description": column("address"),
            "encodingType": fixed(GEOJSON),
            "location": Property(_point, "geo", lambda prefix: F(f"{prefix}geom")),
            "properties": group(**_VILLAGE),
        },
        {
            "Things": _to("Things", many=True),
            "HistoricalLocations": _to("HistoricalLocations", many=True),
        },
    ),
    _device_set(
        "HistoricalLocations",
        _moved,
        {"time": Property(lambda row: stamp(row.updated_at), "time", lambda prefix: F(f"{prefix}updated_at"))},
        {"Thing": _to("Things"), "Locations": _to("Locations", many=True)},
    ),
    EntitySet(
        "Datastreams",
        _streams,
        _pk,
        _numbered,
        lambda prefix: F(f"{prefix}id"),
        ("pk",),
        {
            "name": Property(lambda row: f"{row.device.name}{SEPARATOR}{row.title}", "text", _stream_name),
            "description": column("title"),
            "observationType": Property(lambda row: OM + ("OM_Observation" if row.is_text else "OM_Measurement")),
            "unitOfMeasurement": Property(
                _unit, parts={"name": column("unit"), "symbol": column("unit"), "definition": Property(None)}
            ),
            "observedArea": Property(lambda row: _point(row.device), "geo", lambda prefix: F(f"{prefix}device__geom")),
            **dict.fromkeys(("phenomenonTime", "resultTime"), _SPAN),
            "properties": group(
                key=column("key"),
                title_en=column("title_en"),
                valid_min=column("valid_min", "number"),
                valid_max=column("valid_max", "number"),
                expected_s=column("expected_s", "number"),
            ),
        },
        {
            "Thing": Relation("Things", False, lambda row: row.device_id, "pk", _pk, "device__"),
            "Sensor": Relation("Sensors", False, _kind_of, "pk", _pk, "device__type__"),
            "ObservedProperty": Relation(
                "ObservedProperties", False, _property_of, "observed_property", _property_of, ""
            ),
            "Observations": Relation(
                "Observations", True, _pk, "stream_id", lambda row: row.stream_id, "observations__"
            ),
        },
    ),
    EntitySet(
        "Sensors",
        _kinds,
        lambda row: word_number(row.key),
        lambda prefix, number: Q(**{f"{prefix}key__in": _words(DeviceType, "key", number)}),
        None,
        ("order", "key"),
        {
            "name": column("title"),
            "description": column("title_en"),
            "encodingType": fixed("text/html"),
            "metadata": column("title_en"),
            "properties": group(key=column("key"), heartbeat_s=column("heartbeat_s", "number")),
        },
        {"Datastreams": _streams_of("device__type_id", _kind_of)},
    ),
    EntitySet(
        "ObservedProperties",
        _observed,
        lambda row: word_number(row.observed_property),
        lambda prefix, number: Q(**{f"{prefix}observed_property__in": _words(Datastream, "observed_property", number)}),
        None,
        ("observed_property",),
        {
            "name": column("observed_property"),
            "definition": Property(None),
            "description": column("title"),
            "properties": group(title_en=column("title_en")),
        },
        {"Datastreams": _streams_of("observed_property", _property_of, _property_of)},
    ),
    EntitySet(
        "Observations",
        _observations,
        _read_number,
        _found,
        None,
        ("stream_id", "ts"),
        {
            "phenomenonTime": Property(lambda row: stamp(row.ts), "time", lambda prefix: F(f"{prefix}ts")),
            "resultTime": Property(lambda row: stamp(row.ts), "time", lambda prefix: F(f"{prefix}ts")),
            "result": Property(lambda row: row.text if row.value is None else row.value, "result"),
            "resultQuality": Property(lambda row: QUALITY[row.quality]),
        },
        {
            "Datastream": Relation("Datastreams", False, lambda row: row.stream_id, "pk", _pk, "stream__"),
            "FeatureOfInterest": Relation(
                "FeaturesOfInterest", False, lambda row: row.stream.device_id, "pk", _pk, "stream__device__"
            ),
        },
    ),
    _device_set(
        "FeaturesOfInterest",
        _devices,
        {
            "name": column("name"),
            "description": column("address"),
            "encodingType": fixed(GEOJSON),
            "feature": Property(_point, "geo", lambda prefix: F(f"{prefix}geom")),
        },
        {
            "Observations": Relation(
                "Observations",
                True,
                _pk,
                "stream__device_id",
                lambda row: row.stream.device_id,
                "streams__observations__",
            )
        },
    ),
)

SETS = {one.name: one for one in _ALL}


def _words(model: Any, column_: str, number: int) -> QuerySet[Any]:
    named: QuerySet[Any] = model.objects.alias(number=number_of(column_)).filter(number=number).values(column_)
    return named
