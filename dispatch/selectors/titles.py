"""Official words for what orders do, in the language of the request."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dispatch.models import Skill
from dispatch.selectors.outcomes import Outcome
from dispatch.states import Check, Level, ReasonCode, machine
from kernel.language import named

REASON_TITLES = {
    ReasonCode.NO_SITE: _("没有现场可拍"),
    ReasonCode.PRIVACY: _("涉及他人隐私，不宜拍摄"),
    ReasonCode.SECURITY: _("涉及安全保密，不宜拍摄"),
    ReasonCode.ADVICE: _("咨询类，答复即办结"),
}
CHECK_TITLES = {
    Check.ANSWERS: _("逐条回答了反映的问题"),
    Check.EVIDENCE: _("照片或材料能证明答复"),
    Check.PRIVATE: _("没有他人的姓名、电话和住址"),
    Check.PLAIN: _("语言通顺，没有套话"),
}
LEVEL_TITLES = {
    Level.NONE: _("未到期"),
    Level.YELLOW: _("即将到期"),
    Level.ORANGE: _("超期"),
    Level.RED: _("严重超期"),
}
OUTCOME_TITLES = {
    Outcome.ON_TIME: _("按时办结"),
    Outcome.LATE: _("超期"),
    Outcome.PENDING: _("未到期"),
    Outcome.CANCELLED: _("终止"),
    Outcome.OPEN: _("在办"),
    Outcome.DONE: _("办结"),
    Outcome.RETURNED: _("有退回"),
    Outcome.REOPENED: _("重办"),
    Outcome.REPLIED: _("已首次答复"),
    Outcome.REPLIED_ON_TIME: _("按时首次答复"),
    Outcome.REPLY_DUE: _("应首次答复"),
    Outcome.RATED: _("已评价"),
    Outcome.SATISFIED: _("满意"),
}
_OTHERS = {
    "open": _("开单"),
    "escalate": _("无人可派，转人工"),
    "cleared": _("情况已解除"),
    "due_follow": _("时限随主办工单调整"),
    "recount": _("按新日历重算时限"),
    "supervision_read": _("督办已读"),
    "supervision_answer": _("督办回复"),
}
_MOVES = {move.name: move.title for move in machine.moves}


def move_title(name: str) -> str:
    """The official word for a step of the history."""
    return gettext(_MOVES[name]) if name in _MOVES else str(_OTHERS.get(name, name))


def skill_titles(county: str) -> dict[str, str]:
    """What the county calls the skills of its crews, by code. Cost: one query."""
    rows = Skill.objects.filter(county_id=county).values_list("code", "title", "title_en")
    return {code: named(title, title_en) for code, title, title_en in rows}
