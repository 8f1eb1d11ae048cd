"""STAC API 1.0 (read-only): scenes for programs of others (docs/adr/0024).

`documents` scenes as catalog, collections and items · `searching` what is asked for as rows · `description` all of it
as OpenAPI · `views` `urls` the edge.
"""
