"""Which clauses of OGC 18-088 are implemented, by their names in it. Nobody has certified that."""

_REQUIREMENTS = "http://www.opengis.net/spec/iot_sensing/1.1/req/"

_DATA = (
    *("thing", "location", "historical-location", "datastream", "sensor", "observed-property", "observation"),
    *("feature-of-interest", "entity-control-information"),
)
_REQUESTS = (
    *("order", "select", "expand", "orderby", "skip", "top", "count", "filter", "pagination", "status-code"),
    *("query-status-code", "built-in-filter-operations", "built-in-query-functions"),
)

CONFORMANCE = [
    *(f"{_REQUIREMENTS}datamodel/{name}" for name in _DATA),
    f"{_REQUIREMENTS}resource-path/resource-path-to-entities",
    *(f"{_REQUIREMENTS}request-data/{name}" for name in _REQUESTS),
    f"{_REQUIREMENTS}data-array/data-array",
]
"""Of what is written only Observations are: so ``create-update-delete`` does not stand here."""
