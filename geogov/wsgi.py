"""Django for any WSGI server. The product's own server (``geogov.server``) runs this application in its threads."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geogov.settings")


class Request(WSGIRequest):
    """A request whose text is UTF-8, whatever the ``charset`` of its Content-Type says.

    Django would decode the query with any codec of Python that the client names ("hex", "punycode"), and break before
    the first middleware, where nobody can answer in the one error shape.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    """Django's handler with our request."""

    request_class = Request


django.setup(set_prefix=False)
application = Handler()
