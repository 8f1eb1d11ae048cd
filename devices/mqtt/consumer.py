"""A consumer: takes messages from the broker, stores them, and acknowledges them when they are stored."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connections
from paho.mqtt import client as mqtt
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from devices.mqtt.broker import UNACKNOWLEDGED, Broker, client, connect
from devices.mqtt.intake import NO_DATABASE, Kinds, Message, kinds, take
from kernel import clock
from layers import ledger

logger = logging.getLogger(__name__)

FLUSH_ROWS, FLUSH_S = 5_000, 0.5
"""What is waiting is stored when it is so much, or so old …"""

QUIET_S = 0.05
"""… or when nothing has come for so long: a broker that hands out twenty messages at a time waits for us."""

FLUSH_MESSAGES = UNACKNOWLEDGED // 2
"""And when the broker is about to wait for us."""

KINDS_S = 5.0
"""How often it is looked whether the kinds of device have changed."""

PAUSES_S = (0.2, 10.0)
"""Before trying a broker or database again that does not answer: the first, doubled up to the second."""


class Consumer:
    """One of the consumers of an installation.

    Its number makes its client id: the broker keeps for it what comes while it is away, so whoever takes its place has
    to come under the same number, and a number that is not used any more keeps its share of the messages.
    """

    def __init__(self, to: Broker, number: int, say: Callable[[str], object] = lambda _line: None) -> None:
        """Prepare it; ``run`` connects. ``say`` is told when it is at work."""
        self._to, self._say = to, say
        self._client = client(to, f"consumer-{number}", is_consumer=True)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._waiting: list[Message] = []
        self._to_acknowledge: list[tuple[int, int]] = []
        self._rows = 0
        self._since = self._last = 0.0
        self._kinds: Kinds | None = None
        self._version: object = None
        self._looked = float("-inf")
        self._wanted: frozenset[str] = frozenset()
        self._pause_s, self._not_before = PAUSES_S[0], 0.0
        self.stored = 0

    def run(self, is_over: Callable[[], bool]) -> None:
        """Consume until ``is_over``; what has been taken from the broker is stored then."""
        while not is_over():
            if not self._client.is_connected():
                self._reconnect(is_over)
            self._look_at_kinds()
            self._step()
        self._flush()
        self._client.disconnect()
        connections.close_all()

    def _step(self) -> None:
        before = len(self._waiting)
        if self._client.loop(QUIET_S) != MQTTErrorCode.MQTT_ERR_SUCCESS:
            return
        while len(self._waiting) > before and not self._is_due():  # more of what lies in the socket, without waiting
            before = len(self._waiting)
            self._client.loop_read()
        if self._is_due():
            self._flush()

    def _is_due(self) -> bool:
        if not self._waiting or time.monotonic() < self._not_before:
            return False
        is_much = self._rows >= FLUSH_ROWS or len(self._waiting) >= FLUSH_MESSAGES
        now = time.monotonic()
        return is_much or now - self._since >= FLUSH_S or now - self._last >= QUIET_S

    def _flush(self) -> None:
        """Store what waits, then acknowledge it. Without a database nothing happens, and it is tried again."""
        if not self._waiting or self._kinds is None:
            return
        try:
            outcome = take(self._waiting, self._kinds)
        except NO_DATABASE as error:
            self._without_database(error)
            return
        self.stored += outcome.accepted
        self._pause_s, self._not_before = PAUSES_S[0], 0.0
        for mid, qos in self._to_acknowledge:
            self._client.ack(mid, qos)
        self._forget()

    def _forget(self) -> None:
        self._waiting, self._to_acknowledge, self._rows = [], [], 0

    def _without_database(self, error: Exception) -> None:
        logger.warning("the database does not answer (%s); trying again", str(error).strip())
        close_old_connections()
        self._not_before = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, PAUSES_S[1])

    def _look_at_kinds(self) -> None:
        """Read the kinds of device anew when they have changed, and subscribe to what they publish to now."""
        if time.monotonic() < max(self._looked + KINDS_S, self._not_before):
            return
        try:
            version = sorted(ledger.counts(ledger.tables(("devices.DeviceType",))).items())
            if self._kinds is None or version != self._version:
                self._kinds, self._version = kinds(), version
                self._subscribe()
        except NO_DATABASE as error:
            self._without_database(error)
            return
        self._looked = time.monotonic()

    def _subscribe(self) -> None:
        if self._kinds is None or not self._client.is_connected():
            return
        wanted = frozenset(self._to.subscription(one.filter) for one in self._kinds.routes)
        if gone := self._wanted - wanted:
            self._client.unsubscribe(sorted(gone))
        if wanted:
            self._client.subscribe([(one, 1) for one in sorted(wanted)])
        self._wanted = wanted

    def _reconnect(self, is_over: Callable[[], bool]) -> None:
        """Connect, for as long as it takes. What was not acknowledged comes again, so it is forgotten here."""
        pause_s = PAUSES_S[0]
        while not is_over():
            self._forget()
            try:
                connect(self._to, self._client, is_consumer=True)
                until = time.monotonic() + PAUSES_S[1]
                while not self._client.is_connected() and time.monotonic() < until and not is_over():
                    if self._client.loop(QUIET_S) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                        break
                if self._client.is_connected():
                    return
            except OSError as error:
                logger.warning("the broker does not answer (%s); trying again", error)
            _wait(pause_s, is_over)
            pause_s = min(pause_s * 2, PAUSES_S[1])

    def _on_connect(self, _client: mqtt.Client, _data: Any, _flags: Any, code: ReasonCode, _properties: Any) -> None:
        if code.is_failure:
            logger.error("the broker refuses the consumer: %s", code)
            return
        self._subscribe()

    def _on_subscribe(
        self, _client: mqtt.Client, _data: Any, _mid: int, codes: list[ReasonCode], _properties: Any
    ) -> None:
        refused = [code for code in codes if code.is_failure]
        for code in refused:
            logger.error("the broker refuses a subscription: %s", code)
        if not refused:
            self._say(f"mqtt: at work, {len(codes)} subscriptions")

    def _on_disconnect(self, _client: mqtt.Client, _data: Any, _flags: Any, code: ReasonCode, _properties: Any) -> None:
        if code.is_failure:
            logger.warning("the connection to the broker is lost: %s", code)

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self._last = time.monotonic()
        if not self._waiting:
            self._since = self._last
        self._waiting.append(Message(message.topic, bytes(message.payload), clock.now(), message.retain))
        if message.qos:
            self._to_acknowledge.append((message.mid, message.qos))
        self._rows += 1 + message.payload.count(b",") // 3


def _wait(seconds: float, is_over: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not is_over():
        time.sleep(QUIET_S)
