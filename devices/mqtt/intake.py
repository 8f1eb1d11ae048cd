"""Messages into the tables: whatever they say, each is stored or becomes a dead letter."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings
from django.db import InterfaceError, OperationalError

from devices import selectors, services
from devices.models import DeviceType
from devices.mqtt.payloads import is_numbered, presence, readings
from devices.mqtt.topics import Route, TopicError, addressed, routes_of
from devices.telemetry.batch import batch_of
from devices.telemetry.decoding import Columns, UnreadableError

logger = logging.getLogger(__name__)

SOURCE = "mqtt"
NO_DATABASE = (OperationalError, InterfaceError)
"""What is no message's fault: then nothing is acknowledged, and all of it is tried again."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came.

    Attributes:
        at: when.
        is_old: the broker kept it (MQTT's retain), so it tells nothing of now.
    """

    topic: str
    body: bytes
    at: dt.datetime
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Kinds:
    """What there is to know of kinds of device to understand their messages."""

    routes: Sequence[Route]
    names: Mapping[str, Mapping[str, str]]


def kinds() -> Kinds:
    """Those of now; one whose topic is none is left out, and said. Cost: one query."""
    topics, names = {}, {}
    for key, topic, payload in DeviceType.objects.values_list("key", "topic", "payload"):
        try:
            routes_of({key: topic})
        except TopicError as error:
            logger.error("the topic of the kind of device %s is passed over: %s", key, error)
            continue
        topics[key] = topic
        names[key] = {str(name): str(stream) for name, stream in (payload or {}).items()}
    return Kinds(routes_of(topics), names)


@dataclass(slots=True)
class _Sorted:
    """The messages of a flush, by what is to be done with them; columns of one length for the readings."""

    columns: Columns = field(default_factory=lambda: ([], [], []))
    devices: list[int] = field(default_factory=list)
    gateways: set[int] = field(default_factory=set)
    present: dict[int, dt.datetime] = field(default_factory=dict)
    gone: dict[int, dt.datetime] = field(default_factory=dict)
    refused: list[services.Refused] = field(default_factory=list)


def take(messages: Sequence[Message], known: Kinds) -> services.Outcome:
    """Store what the messages say. A message that nothing can be done with is a dead letter.

    In several transactions, for each takes the rows of its devices in their order. Whoever fails in between begins
    anew, and ends with the same.

    Raises:
        OperationalError, InterfaceError: there is no database; nothing is stored.
    """
    try:
        return _take(messages, known)
    except NO_DATABASE:
        raise
    except Exception:
        if len(messages) > 1:
            half = len(messages) // 2
            parts = take(messages[:half], known), take(messages[half:], known)
            return services.Outcome(parts[0].accepted + parts[1].accepted, parts[0].duplicate + parts[1].duplicate)
        logger.exception("a message on %s could not be stored", messages[0].topic)
        services.refuse(SOURCE, [_refused(messages[0], "unstorable")])
        return services.Outcome()


def _take(messages: Sequence[Message], known: Kinds) -> services.Outcome:
    done = _sorted(messages, known)
    streams, moments, values = done.columns
    speakers = selectors.Speakers(np.array(done.devices, np.int64), selectors.served_by(done.gateways))
    outcome = services.ingest(batch_of(streams, moments, values), source=SOURCE, speakers=speakers)
    services.presence_note(present=done.present, gone=done.gone)
    services.refuse(SOURCE, done.refused)
    return outcome


def _sorted(messages: Sequence[Message], known: Kinds) -> _Sorted:
    done = _Sorted()
    whose = [addressed(one.topic, known.routes) for one in messages]
    pairs = [(one.county or settings.COUNTY, one.device) if one else ("", "") for one in whose]
    devices = selectors.devices_by_code(set(pairs))
    keys = selectors.streams_by_key(one.pk for one in devices.values())
    for message, to, pair in zip(messages, whose, pairs, strict=True):
        device = devices.get(pair)
        if to is None:
            done.refused.append(_refused(message, "unknown_topic"))
        elif device is None or device.kind not in to.kinds:
            done.refused.append(_refused(message, "unknown_device"))
        else:
            _sort(done, message, device.pk, known.names[device.kind], keys)
    return done


def _sort(
    done: _Sorted, message: Message, device: int, names: Mapping[str, str], keys: Mapping[tuple[int, str], int]
) -> None:
    is_here = presence(message.body)
    if is_here is not None:
        if not message.is_old:
            (done.present if is_here else done.gone)[device] = message.at
        return
    try:
        streams, moments, values = readings(message.body, names)
    except UnreadableError:
        done.refused.append(_refused(message, "unreadable", device))
        return
    if is_numbered(message.body):
        done.gateways.add(device)
    else:
        streams = [keys.get((device, key), key) for key in streams]
    for column, more in zip(done.columns, (streams, moments, values), strict=True):
        column.extend(more)
    done.devices.extend([device] * len(streams))


def _refused(message: Message, reason: str, device: int | None = None) -> services.Refused:
    body = message.body[:80].decode("utf-8", "replace")
    return services.Refused(reason, (message.topic, message.at.isoformat(), body), device)
