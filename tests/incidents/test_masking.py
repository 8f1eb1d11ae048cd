"""Numbers of people are blotted out in whatever way they are written; those of offices and dates stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.states import masking

OFFICES = ("0572-0123 4567", "12345", "0572-8888 0000")

CHINESE = "零一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
FULL = "０１２３４５６７８９"
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
landlines = st.from_regex(r"0(10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}", fullmatch=True)
identities = st.builds(
    lambda area, year, month, day, rest, check: f"{area}{year}{month:02}{day:02}{rest:03}{check}",
    st.integers(110000, 820000),
    st.integers(1930, 2020),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
old_identities = st.builds(
    lambda area, year, month, day, rest: f"{area}{year:02}{month:02}{day:02}{rest:03}",
    st.integers(110000, 820000),
    st.integers(30, 99),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 999),
)
cards = st.from_regex(r"6[0-9]{15,18}", fullmatch=True)
numbers = st.one_of(mobiles, landlines, identities, old_identities, cards).filter(
    lambda number: number not in {re.sub(r"\D", "", office) for office in OFFICES}
)


@st.composite
def spelled(draw, number):
    """A number with its digits in any script and up to three signs between two of them."""
    scripts = st.sampled_from(["0123456789", CHINESE, FORMAL, FULL, CIRCLED])
    mixed = draw(st.booleans())
    script = draw(scripts)
    gap = st.text(st.sampled_from(" -.·—_aAvZ\u3000。*"), max_size=draw(st.sampled_from([0, 1, 3])))
    out = ""
    for at, sign in enumerate(number):
        if mixed:
            script = draw(scripts)
        out += sign if sign == "X" else script[int(sign)]
        if at < len(number) - 1:
            out += draw(gap)
    return out


FRAMES = ("路灯坏了三天了，请联系{}，谢谢", "{}", "家里停水，电话{}，急", "找老人{}去看看", "修好后打 {} 说一声。")


@given(st.data(), st.sampled_from(FRAMES))
def test_no_number_survives(data, frame):
    number = data.draw(numbers)
    written = data.draw(spelled(number))
    out = masking.masked(frame.format(written), OFFICES)
    assert masking.digits_of(out.replace("三天", "").replace("一声", "")) == ""
    assert masking.BLOT in out


@given(st.data(), st.sampled_from(OFFICES))
def test_an_office_stays_beside_a_number_that_goes(data, office):
    written = data.draw(spelled(data.draw(mobiles)))
    out = masking.masked(f"打过{office}没人接，请回{written}", OFFICES)
    assert office in out
    assert masking.digits_of(out) == re.sub(r"\D", "", office)


@pytest.mark.parametrize(
    "text, out",
    [
        ("加微信 lao_wang88 详谈", "加微信 **** 详谈"),
        ("微信号：wxid_abc123", "微信号：****"),
        ("我的VX：abcd1234", "我的VX：****"),
        ("QQ 12345678", "QQ ****"),
        ("扣扣号是778899", "扣扣号是****"),
        ("写信到 a.b@example.com 吧", "写信到 **** 吧"),
        ("浙E·12A45 占了消防通道", "**** 占了消防通道"),
        ("座机 2123456", "座机 ****"),
        ("+86 138 0013 8000", "+****"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "****\ufe0f⃣"),
        ("坐标 120.0834567,30.5123456", "坐标 ****"),
        ("身份证330521199001011234和330521900101123", "身份证****和****"),
    ],
)
def test_what_else_identifies(text, out):
    assert masking.masked(text, OFFICES) == out


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-30 13:05:59 开始停水",
        "2026年6月30日到2026年7月15日",
        "20260630 起路灯不亮",
        "K12+300 处塌方，长 1500 米、宽 200 米",
        "打 12345 和 110 都没用",
        "村监督电话 0572-0123 4567",
        "监督电话０５７２－０１２３４５６７",
        "三栋二单元五楼漏水一百五十天",
        "一二三四五六七组都没水",
        "编号 2606-8A2Q4",
        "投资 1250000 元",
        "街道办微信群里说过了",
    ],
)
def test_what_stays(text):
    assert masking.masked(text, OFFICES) == text


@pytest.mark.parametrize(
    "text, title",
    [
        ("路灯不亮。已经三天", "路灯不亮"),
        ("  \n，路灯不亮", "路灯不亮"),
        ("13800138000 请回电", "**** 请回电"),
        ("很长" * 20, "很长" * 11 + "很…"),
        ("您好，反映一下，路灯不亮", "路灯不亮"),
        ("尊敬的领导，请问有人管吗，急！路灯不亮。", "路灯不亮"),
        ("您好", "您好"),
        ("", ""),
    ],
)
def test_title(text, title):
    assert masking.title_of(text) == title
    assert len(masking.title_of(text)) <= masking.TITLE_LONGEST


@given(st.text())
def test_masking_is_total_and_done_once(text):
    out = masking.masked(text, OFFICES)
    assert masking.masked(out, OFFICES) == out
