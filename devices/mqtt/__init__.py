"""Readings by MQTT, from any broker.

``topics`` and ``payloads`` are pure, ``intake`` stores, ``consumer`` has the wire.

A device says which it is by the topic that it publishes to; the broker sees to it that it publishes to no other
(docs/mqtt.md, docs/adr/0021).
"""
