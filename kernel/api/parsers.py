"""Reading of bodies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """JSON whose nesting Python can follow, and whose texts are Unicode.

    A megabyte of "[" makes Python's decoder raise RecursionError; half of a surrogate pair ("\\ud800") is accepted by
    it, but no answer that repeats it can be written as UTF-8. Both would be told as a fault of ours.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The value in the body.

        Raises:
            ParseError: no JSON, nested too deeply, or with a text that is no Unicode.
        """
        try:
            value: dict[str, Any] = super().parse(stream, media_type, parser_context)
            json.dumps(value, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError(_("请求内容嵌套太深。")) from None
        except UnicodeEncodeError:
            raise ParseError(_("请求中有不允许的字符。")) from None
        return value
