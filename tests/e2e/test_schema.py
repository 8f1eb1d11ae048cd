"""The typed client of the pages is made from the schema that the server really has."""

import json
from pathlib import Path

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

KEPT = Path(__file__).parents[2] / "frontend" / "openapi.json"
AGAIN = (
    "the API has changed; make its types anew: "
    "./dev manage spectacular --format openapi-json --file frontend/openapi.json && npm --prefix frontend run types"
)


def test_the_pages_know_the_present_api(db):
    schema = SchemaGenerator().get_schema(request=None, public=True)
    present = json.loads(OpenApiJsonRenderer().render(schema, renderer_context={}))
    assert json.loads(KEPT.read_text(encoding="utf-8")) == present, AGAIN
