"""The broker of the settings, and clients of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

SESSION_S = 7 * 86_400
"""So long the broker keeps what a consumer has not fetched: over a holiday."""

UNACKNOWLEDGED = 2_000
"""Messages that a consumer may have unacknowledged (MQTT 5, Receive Maximum): so far behind, and the broker waits."""

LONGEST = 2**20
"""Bytes of a message: some 20,000 readings as columns."""

KEEPALIVE_S = 60


@dataclass(frozen=True, slots=True)
class Broker:
    """Where it is, and how it is spoken to.

    Attributes:
        share: group of consumers among whom it deals out messages ($share); "": each gets all of them.
        name: client ids begin with it.
    """

    host: str
    port: int
    is_tls: bool
    user: str | None
    password: str | None
    is_v5: bool
    share: str
    name: str

    def subscription(self, topic: str) -> str:
        """A filter as a consumer subscribes to it."""
        return f"$share/{self.share}/{topic}" if self.share else topic


def broker() -> Broker | None:
    """The one of the settings; None where there is none."""
    if not settings.MQTT_URL:
        return None
    parts = urlsplit(settings.MQTT_URL)
    is_tls = parts.scheme == "mqtts"
    return Broker(
        host=parts.hostname or "localhost",
        port=parts.port or (8883 if is_tls else 1883),
        is_tls=is_tls,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        is_v5=settings.MQTT_VERSION == "5",
        share=settings.MQTT_SHARE if settings.MQTT_VERSION == "5" else "",
        name=settings.MQTT_NAME,
    )


def client(to: Broker, name: str, *, is_consumer: bool = False) -> mqtt.Client:
    """A client that is not connected yet. A consumer acknowledges by hand, and its session outlives it."""
    made = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=f"{to.name}-{name}",
        protocol=MQTTProtocolVersion.MQTTv5 if to.is_v5 else MQTTProtocolVersion.MQTTv311,
        manual_ack=is_consumer,
        clean_session=None if to.is_v5 else not is_consumer,
    )
    if to.user:
        made.username_pw_set(to.user, to.password)
    if to.is_tls:
        made.tls_set(settings.MQTT_CA_FILE or None, settings.MQTT_CERT_FILE or None, settings.MQTT_KEY_FILE or None)
    return made


def connect(to: Broker, made: mqtt.Client, *, is_consumer: bool = False) -> None:
    """Connect it; what the broker says to that comes to its ``on_connect``.

    Raises:
        OSError: there is no broker.
    """
    if not to.is_v5:
        made.connect(to.host, to.port, KEEPALIVE_S)
        return
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    if is_consumer:
        properties.SessionExpiryInterval = SESSION_S
        properties.ReceiveMaximum = UNACKNOWLEDGED
        properties.MaximumPacketSize = LONGEST
    made.connect(to.host, to.port, KEEPALIVE_S, clean_start=not is_consumer, properties=properties)
