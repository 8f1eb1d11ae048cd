"""The base of every API view: strict parameters, the viewer, and who may."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, ClassVar, cast

from django.http import HttpRequest
from django.utils.functional import cached_property
from rest_framework.parsers import BaseParser, FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.views import APIView

from kernel.api.params import Params
from kernel.api.parsers import BoundedJSONParser
from kernel.viewer import Role, Viewer
from kernel.writing import require


def viewer_of(request: HttpRequest | Request) -> Viewer:
    """Who looks, as ``accounts.middleware`` found out (read lazily: the first use may cost queries).

    Without its lazy wrapper, which is no dataclass: ``dataclasses.replace`` would refuse it.
    """
    lazy = request.viewer  # type: ignore[union-attr]
    bool(lazy.county)  # the copy of a wrapper that was not used yet would be another wrapper
    return cast(Viewer, copy(lazy))


class ApiView(APIView):
    """An API view that holds no logic: it reads parameters and shapes, and calls selectors and services.

    Attributes:
        known_params: names of the query parameters it takes, beside ``county`` and ``lang``; any other is a 400.
        roles_to_read: who may use GET; empty = everybody, signed in or not.
        roles_to_write: who may use the other methods; empty = everybody who is signed in.
        open_writes: whether anonymous visitors may write, too.
        params: the query of this request.
    """

    parser_classes: Sequence[type[BaseParser]] = (BoundedJSONParser, FormParser, MultiPartParser)
    known_params: ClassVar[tuple[str, ...]] = ()
    roles_to_read: ClassVar[tuple[Role, ...]] = ()
    roles_to_write: ClassVar[tuple[Role, ...]] = ()
    open_writes: ClassVar[bool] = False
    params: Params

    @cached_property
    def viewer(self) -> Viewer:
        """Who looks at which county."""
        return viewer_of(self.request)

    def parameters(self) -> tuple[str, ...]:
        """Names of the query parameters that this request may carry; a view whose address decides overrides it."""
        return self.known_params

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check parameters and roles before the method runs.

        Raises:
            Invalid: an unknown or repeated parameter.
            NotSignedIn: an anonymous visitor where somebody must be signed in.
            Forbidden: a role that may not, or a write without the CSRF token of the session.
        """
        super().initial(request, *args, **kwargs)
        self.params = Params(request.query_params, self.parameters())
        if request.method in ("GET", "HEAD"):
            if self.roles_to_read:
                require(self.viewer, *self.roles_to_read)
        elif request.method != "OPTIONS" and not self.open_writes:
            require(self.viewer, *self.roles_to_write)
