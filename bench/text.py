"""What a proposal costs in CPU, against what any request costs that finds nothing."""

import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.test import Client

from bench.registry import Bench, Row, add
from incidents.text import propose

TEXTS = (
    "村口的路灯不亮，老人晚上不敢出门。",
    "您好，反映一下，小学门口的路面塌了一个坑，下雨坑里积水，看不出深浅，电瓶车晚上骑过去很容易摔，请尽快处理。谢谢。",
    "请问城乡居民养老保险怎么补缴，村里说不清楚，网上填了几次都不行，希望给个答复。" * 10,
)
TIMES = 300
ALLOWED = 1.0
"""A proposal may cost as much as a request that finds nothing."""


def _cpu_ms(once: Callable[[], object]) -> float:
    """CPU of this process per call, after one that fills the caches."""
    once()
    start = time.process_time()
    for _ in range(TIMES):
        once()
    return (time.process_time() - start) / TIMES * 1000


def run() -> list[Row]:
    """A short, a usual and a long text; the database's part is two lookups by an index."""
    client = Client(HTTP_HOST="127.0.0.1")
    fixed = _cpu_ms(lambda: client.get("/api/incidents/0000-00000"))
    return [
        Row(f"{len(text)} characters", _cpu_ms(partial(propose, settings.COUNTY, text)), fixed, ALLOWED)
        for text in TEXTS
    ]


add(Bench("text", "Kind and urgency of a text", "a request that finds nothing", run))
