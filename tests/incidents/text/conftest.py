"""A history of two kinds of matters in many wordings, and a model of it."""

from __future__ import annotations

import pytest

from incidents.text.features import prepared
from incidents.text.training import Sample, train

SAID = {
    "lamp": ("路灯不亮", "灯杆倒了", "路灯一闪一闪", "整条街路灯没有一盏亮", "晚上没有照明", "灯坏了很久"),
    "noise": ("半夜施工很吵", "音响声音太大", "广场舞吵得睡不着", "机器轰鸣没法休息", "烧烤店唱歌到凌晨", "噪音扰民"),
}
AND_SO = (
    "老人睡不好",
    "走路看不见",
    "请派人来看",
    "说了几次没人管",
    "孩子要上学",
    "希望解决",
    "已经一个月",
    "电话打了很多",
)
WORDS = {"lamp": ("路灯", "灯"), "noise": ("噪音", "吵", "施工")}
TITLES = {"lamp": "路灯", "noise": "噪音扰民"}


def history(county_places: frozenset[str] = frozenset()) -> list[Sample]:
    """Ninety-six decided reports; those of dark streets where people fall are urgent."""
    return [
        Sample(prepared(f"{said}，{so}。", county_places), kind, kind == "lamp" and so == "走路看不见", f"{kind}{n}{m}")
        for kind, sentences in SAID.items()
        for n, said in enumerate(sentences)
        for m, so in enumerate(AND_SO)
    ]


@pytest.fixture(scope="session")
def trained():
    return train(history(), WORDS, TITLES)
