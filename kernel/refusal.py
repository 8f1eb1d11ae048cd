"""What people are told when a machine refuses a move, in the one shape of all errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from kernel.errors import Conflict, DomainError, Forbidden, Invalid
from kernel.machine import IllegalMove, Machine

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def refusal(error: IllegalMove, machine: Machine, move: str, state: StrOrPromise) -> DomainError:
    """``error`` as people and programs are told: 400, 403 or 409, with the code and the sentence of the guard.

    Args:
        error: what the machine said.
        machine: whose table it is.
        move: name of the move that was tried.
        state: the official word for where the object stands.
    """
    title = next((gettext(one.title) for one in machine.moves if one.name == move), move)
    match error.code:
        case "guarded" if error.guard is not None:
            kind = Forbidden if error.guard.forbids else Conflict
            return kind(gettext(error.guard.text), code=error.guard.code)
        case "role_may_not":
            return Forbidden(_("您的角色不能“%s”。") % title, code=error.code)
        case "needs_fields":
            return Invalid(_("“%s”还缺内容。") % title, code=error.code, field=error.missing[0])
    said = _("现在是“%(state)s”，不能“%(move)s”。") % {"state": state, "move": title}
    return Conflict(said, code=error.code, hint=_("请刷新，看过新的内容后再办。"))
