"""Every write of dispatch: ``entity_verb(*, by, …)``, one transaction with its history and audit row."""

from dispatch.services.chasing import supervision_answer, supervision_read
from dispatch.services.evidence import evidence_add
from dispatch.services.moves import order_move
from dispatch.services.opening import order_open
from dispatch.services.passing import digests_send, levels_tell, orders_recount, pauses_end
from dispatch.services.rows import matter_hold
from dispatch.services.settling import order_settle

__all__ = [
    "digests_send",
    "evidence_add",
    "levels_tell",
    "matter_hold",
    "order_move",
    "order_open",
    "order_settle",
    "orders_recount",
    "pauses_end",
    "supervision_answer",
    "supervision_read",
]
