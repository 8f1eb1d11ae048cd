"""Query parameters are read strictly."""

import datetime as dt

import pytest
from django.http import QueryDict

from kernel.api.params import Params
from kernel.errors import Invalid


def params(query, *known):
    return Params(QueryDict(query), known)


def refusal(call, *args, **kwargs):
    with pytest.raises(Invalid) as caught:
        call(*args, **kwargs)
    return caught.value


def test_unknown_repeated_and_always():
    params("county=990521&lang=en&limit=3", "limit")
    error = refusal(params, "limt=3", "limit")
    assert (error.code, error.field) == ("unknown_parameter", "limt")
    assert "limit" in str(error.hint)
    assert refusal(params, "limit=1&limit=2", "limit").code == "repeated_parameter"
    assert len(refusal(params, "x" * 5000, "limit").field) == 60


@pytest.mark.parametrize("text, value", [("", 9), ("limit=", 9), ("limit=1", 1), ("limit=10", 10), ("limit=+3", 3)])
def test_integers(text, value):
    assert params(text.replace("+", "%2B"), "limit").integer("limit", 9, 1, 10) == value


@pytest.mark.parametrize("text", ["0", "11", "1.5", "x", "1e1", "٣", "9" * 5000, "nan", "-1", "0x1", "1 2"])
def test_bad_integers(text):
    query = QueryDict(mutable=True)
    query["limit"] = text
    error = refusal(Params(query, ["limit"]).integer, "limit", 9, 1, 10)
    assert (error.code, error.field) == ("invalid", "limit")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "181", "x", "1e999"])
def test_bad_reals(text):
    assert refusal(params(f"lon={text}", "lon").real, "lon", -180, 180).field == "lon"


def test_points():
    assert params("lon=120.1&lat=30", "lon", "lat").lonlat(required=True) == (120.1, 30)
    assert params("", "lon", "lat").lonlat(required=False) is None
    assert refusal(params("", "lon", "lat").lonlat, required=True).field == "lon"
    assert refusal(params("lon=1", "lon", "lat").lonlat, required=False).field == "lat"


def test_texts_choices_dates_boxes():
    one = params("q=%20a%20&level=village&on=2026-06-30&bbox=1,2,3,4", "q", "level", "on", "bbox", "none")
    assert one.text("q") == "a"
    assert one.choice("level", ["village", "township"]) == "village"
    assert one.date("on") == dt.date(2026, 6, 30)
    assert one.bbox() == (1, 2, 3, 4)
    assert (one.text("none"), one.choice("none", ["a"]), one.date("none")) == ("", "", None)
    assert params("by=", "by").choice("by", ["a", "b"], "b") == "b", "empty is not given"
    assert refusal(one.choice, "level", ["a"]).field == "level"
    assert refusal(one.date, "q").field == "q"
    for end in ("0001-01-01", "9999-12-31"):
        assert refusal(params(f"to={end}", "from", "to").period).field == "to", "days are added to it"
    assert refusal(params("q=" + "x" * 201, "q").text, "q").field == "q"
