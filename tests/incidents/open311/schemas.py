"""The answers that the standard describes, as JSON Schema: types, and what must be there.

Source: the tables of the GeoReport v2 and Service Discovery specifications. Members that it does not name are allowed
where it allows extensions only.
"""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
MOMENT: dict[str, Any] = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$",
}
FLAG: dict[str, Any] = {"type": "boolean"}


def record(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def several(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def either(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


SERVICES = several(
    record(
        {
            "service_code": TEXT,
            "service_name": TEXT,
            "description": MAYBE,
            "metadata": FLAG,
            "type": {"enum": ["realtime", "batch", "blackbox"]},
            "keywords": MAYBE,
            "group": MAYBE,
        }
    )
)
DEFINITION = record(
    {
        "service_code": TEXT,
        "attributes": several(
            record(
                {
                    "variable": FLAG,
                    "code": TEXT,
                    "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
                    "required": FLAG,
                    "datatype_description": MAYBE,
                    "order": {"type": "integer", "minimum": 1},
                    "description": TEXT,
                },
                {"values": several(record({"key": TEXT, "name": TEXT}))},
            )
        ),
    }
)
REQUESTS = several(
    record(
        {
            "service_request_id": TEXT,
            "status": {"enum": ["open", "closed"]},
            "status_notes": MAYBE,
            "service_name": TEXT,
            "service_code": TEXT,
            "description": {"type": "string", "maxLength": 4000},
            "agency_responsible": MAYBE,
            "service_notice": MAYBE,
            "requested_datetime": MOMENT,
            "updated_datetime": MOMENT,
            "expected_datetime": either(MOMENT),
            "address": TEXT,
            "address_id": TEXT,
            "zipcode": MAYBE,
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
            "long": {"type": "number", "minimum": -180, "maximum": 180},
            "media_url": either({"type": "string", "pattern": "^https?://"}),
        },
        {"extended_attributes": {"type": "object"}},
    )
)
CREATED = several(record({"service_request_id": TEXT, "service_notice": MAYBE, "account_id": MAYBE}))
TOKENS = several(record({"service_request_id": TEXT, "token": TEXT}))
UPDATES = several(
    record(
        {
            "update_id": TEXT,
            "service_request_id": TEXT,
            "status": {"enum": ["open", "closed"]},
            "updated_datetime": MOMENT,
            "description": TEXT,
            "media_url": MAYBE,
        }
    )
)
ERRORS = {**several(record({"code": {"type": "integer"}, "description": TEXT})), "minItems": 1}
DISCOVERY = record(
    {
        "changeset": MOMENT,
        "contact": TEXT,
        "key_service": TEXT,
        "endpoints": several(
            record(
                {
                    "specification": {"const": "http://wiki.open311.org/GeoReport_v2"},
                    "url": {"type": "string", "pattern": "^https?://.*/open311/v2$"},
                    "changeset": MOMENT,
                    "type": {"enum": ["production", "test"]},
                    "formats": several({"enum": ["text/xml", "application/json"]}),
                }
            )
        ),
    }
)
