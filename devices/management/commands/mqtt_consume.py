"""``manage.py mqtt_consume --number N``: takes readings from the MQTT broker."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from devices.mqtt.broker import broker
from devices.mqtt.consumer import Consumer


class Command(BaseCommand):
    """Consume until SIGTERM or SIGINT. Each consumer of a broker has a number of its own, and keeps it."""

    help = "Takes readings from the broker of MQTT_URL until SIGTERM or SIGINT; as many as have different numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--number``."""
        parser.add_argument("--number", type=int, default=1, help="of this consumer among all (default 1)")

    def handle(self, *args: Any, number: int, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: no broker is set.
        """
        to = broker()
        if to is None:
            raise CommandError("There is no broker: set MQTT_URL (docs/settings.md).")
        over = threading.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: over.set())
        Consumer(to, number, self.stdout.write).run(over.is_set)
