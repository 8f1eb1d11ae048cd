"""Real brokers for tests, each on a port and in a folder of its own, and a publisher."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from devices.mqtt.accounts import password_line
from scripts import mosquitto
from scripts.paths import BASE
from tests.waiting import PATIENCE_S, until

_NATS = """
server_name: test
listen: "127.0.0.1:-1"
jetstream {{ store_dir: "{folder}" }}
mqtt {{ listen: "127.0.0.1:{port}" }}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Broker:
    """A process that listens for MQTT."""

    version = "5"

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        command, env = self._command(folder)
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        until(self._answers, "the broker starts")

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def _answers(self) -> bool:
        assert self._process.poll() is None, self._log.read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_S)


class Mosquitto(Broker):
    """As ``./dev up --mqtt`` runs it."""

    def _command(self, folder):
        program, env = mosquitto.command()
        return [program, "-c", mosquitto.configure(folder / "broker", self.port)], env


class Guarded(Mosquitto):
    """With accounts and what is shipped about who may publish what."""

    accounts: tuple[tuple[str, str, str], ...] = (("990521", "A1", "token-a"), ("990521", "A2", "token-b"))

    @property
    def url(self):
        return f"mqtt://geogov:secret@127.0.0.1:{self.port}"

    def _command(self, folder):
        command, env = super()._command(folder)
        own = password_line("geogov", "x", "secret").replace("geogov-x:", "geogov:")
        passwords = folder / "passwords"
        passwords.write_text("\n".join([own, *(password_line(*one) for one in self.accounts)]))
        text = command[-1].read_text().replace("allow_anonymous true", "allow_anonymous false")
        command[-1].write_text(f"{text}password_file {passwords}\nacl_file {BASE / 'broker/acl'}\n")
        return command, env


class Nats(Broker):
    """NATS speaks MQTT 3.1.1."""

    version = "3.1.1"

    def _command(self, folder):
        config = folder / "nats.conf"
        config.write_text(_NATS.format(folder=folder, port=self.port))
        return [Path(sys.executable).parent / "nats-server", "-c", config], None


def publisher(
    broker: Broker,
    name: str,
    will: tuple[str, str] | None = None,
    account: tuple[str, str] | None = None,
    within_s: float = PATIENCE_S,
) -> mqtt.Client:
    """A device that is connected; its network has a thread of its own."""
    version = MQTTProtocolVersion.MQTTv5 if broker.version == "5" else MQTTProtocolVersion.MQTTv311
    made = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=version)
    if will:
        made.will_set(*will, qos=1)
    if account:
        made.username_pw_set(*account)
    made.connect("127.0.0.1", broker.port)
    made.loop_start()
    try:
        until(made.is_connected, "the publisher is connected", within_s)
    except AssertionError:
        made.loop_stop()
        raise
    return made


def publish(client: mqtt.Client, messages: list[tuple[str, bytes]]) -> None:
    """Publish all of them at once, and wait until the broker has them."""
    sent = [client.publish(topic, body, qos=1) for topic, body in messages]
    for one in sent:
        if one.rc == MQTTErrorCode.MQTT_ERR_NO_CONN:
            one.rc = MQTTErrorCode.MQTT_ERR_SUCCESS  # kept by the client, and sent once it is connected again
        one.wait_for_publish(PATIENCE_S)
        assert one.is_published()
