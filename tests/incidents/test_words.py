"""Rules of dispatch look for words in what people wrote, not only in the title that an order has of it."""

from __future__ import annotations

import pytest

from dispatch.models import RoutingRule
from dispatch.selectors.rules import rule_rehearse
from tests.incidents import loop


@pytest.mark.django_db
def test_rules_look_at_the_whole_words_and_so_does_their_dry_run(village):
    """What stands far behind the title decides as well; dispatch is told the words by whose matter it is."""
    long = (
        "我家住在村东头，" + "从上个月开始一直这样，打过好几次电话都说会来人看看，到现在没有人来，" * 3 + "是暖气不热。"
    )
    cast = loop.cast()
    rule = RoutingRule.objects.create(county_id=loop.COUNTY, title="供热", words=["暖气"], unit=cast.unit)
    before = loop.accepted(cast, text=long)
    assert "暖气" not in before.title
    assert before.order.state == "opened", "the rule is not in force yet"
    loop.accepted(cast, text="楼下半夜还在放音响")
    figures = rule_rehearse(rule)
    assert (figures["orders"], figures["takes"]) == (2, 1)
    RoutingRule.objects.update(is_active=True)
    order = loop.accepted(cast, text=long).order
    order.refresh_from_db()
    assert (order.state, order.lead_unit) == ("assigned", cast.unit)
    assert order.decisions.get().why["zh"][0] == "规则“供热”适用：内容里有“暖气”。"
