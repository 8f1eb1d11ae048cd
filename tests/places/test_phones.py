"""kernel.phones: what is taken, how it is stored, what is refused and why."""

from __future__ import annotations

import pytest

from kernel.errors import Invalid
from kernel.phones import normal_number, tel_uri


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12345", "12345"),
        ("110", "110"),
        ("95598", "95598"),
        ("0572-0123 4567", "0572-0123 4567"),
        ("０５７２－０１２３４５６７", "0572-01234567"),
        ("(0572) 0123456", "(0572) 0123456"),
        ("010—12345678", "010-12345678"),
        ("0572-0123456-802", "0572-0123456-802"),
        ("+86 572 0123 4567", "+86 572 0123 4567"),
        ("+86 411 0123 4567", "+86 411 0123 4567"),
        ("+86 10 0123 4567", "+86 10 0123 4567"),
        ("+86 138 0000 0000", "+86 138 0000 0000"),
        ("13800000000", "13800000000"),
        ("138-0000-0000", "138-0000-0000"),
        ("400-123-4567", "400-123-4567"),
        ("  0572 \u3000 01234567 ", "0572 01234567"),
    ],
)
def test_a_number_is_kept_as_people_write_it(typed: str, stored: str) -> None:
    assert normal_number(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "电话",
        "12",
        "1380000000",
        "138000000000",
        "00",
        "0572",
        "0572-01234567/76543210",
        "05720123456789012345",
        "12345;drop",
        "<b>12345</b>",
        "-12345",
        "()",
        "+1 202 555 0100",
        "8012107a",
    ],
)
def test_what_cannot_be_called_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        normal_number(typed, field="number")
    assert caught.value.as_dict()["code"] == "not_a_number"
    assert caught.value.field == "number"
    assert caught.value.hint


def test_a_local_number_is_told_to_bring_its_area_code() -> None:
    with pytest.raises(Invalid) as caught:
        normal_number("8012107")
    assert "区号" in str(caught.value.hint)


def test_a_mobile_field_takes_mobiles_only() -> None:
    assert normal_number("138 0000 0000", mobile=True) == "138 0000 0000"
    with pytest.raises(Invalid):
        normal_number("0572-0123 4567", mobile=True)


@pytest.mark.parametrize(
    ("number", "uri"),
    [
        ("12345", "tel:12345"),
        ("0572-0123 4567", "tel:057201234567"),
        ("(0572) 0123456-802", "tel:05720123456;ext=802"),
        ("+86 572 0123 4567", "tel:057201234567"),
        ("400-123-4567", "tel:4001234567"),
    ],
)
def test_a_number_becomes_a_link(number: str, uri: str) -> None:
    assert tel_uri(number) == uri
