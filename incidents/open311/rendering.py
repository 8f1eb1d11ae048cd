"""One structure, two formats: the Spark convention of the standard, by which a list is a list with one item as well.

Source: https://wiki.open311.org/JSON_and_XML_Conversion/
"""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

CONTENT_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}

ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "photos": "photo",
}
"""Names of the items in a list, by the name of the list. Only these may be lists."""

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document holds (XML 1.0, 2.2), carriage returns as well: readers turn them into line feeds."""


def rendered(root: str, value: Any, suffix: str) -> bytes:
    """``value`` in a format; equal contents in both.

    Args:
        root: name of the root element, and of the list when ``value`` is one.
        value: dicts, lists of ``ITEMS``, texts, numbers, booleans, None.
        suffix: "xml" or "json".
    """
    clean = _clean(value)
    if suffix == "json":
        return json.dumps(clean, ensure_ascii=False, separators=(",", ":")).encode()
    element = _element(root, clean)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(element, encoding="unicode").encode()


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    if isinstance(value, str):
        return _NOT_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return value


def _element(name: str, value: Any) -> ET.Element:
    element = ET.Element(name)
    if isinstance(value, dict):
        element.extend([_element(inner, child) for inner, child in value.items()])
    elif isinstance(value, list):
        element.extend([_element(ITEMS[name], child) for child in value])
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = str(value)
    return element
