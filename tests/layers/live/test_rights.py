"""What a stream must never hear."""

from __future__ import annotations

import pytest

from accounts.models import InboxItem, User
from facilities.models import Facility
from kernel.viewer import Role
from tests.contracts.samples.shops import shop
from tests.factories import places
from tests.layers.live.scene import (
    OTHER,
    QUIET_S,
    SHOPS_PATH,
    Open,
    cookie_of,
    rename,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_another_county_is_not_heard(listen: Open, row: Facility) -> None:
    places.county(OTHER)
    abroad = shop("邻", f"{OTHER}001001")
    home, other = listen(), listen(f"{SHOPS_PATH}&county={OTHER}")
    rename(abroad)
    assert other.next() is not None
    assert home.next(QUIET_S) is None


@pytest.mark.usefixtures("inner")
def test_a_layer_that_does_not_exist_for_the_viewer(listen: Open, row: Facility) -> None:
    for path in ("/live/?layers=shops,inner", "/live/?layers=nothing"):
        refused = listen(path)
        assert (refused.status, refused.error["code"]) == (404, "unknown_layer")
    desk = listen("/live/?layers=shops,inner", Cookie=cookie_of(Role.DESK))
    rename(row)
    event = desk.next()
    assert event is not None
    assert set(event.changed) == {"shops", "inner"}


@pytest.mark.usefixtures("inner")
def test_an_event_holds_names_and_opaque_versions_only(listen: Open, row: Facility) -> None:
    public, desk = listen(), listen(Cookie=cookie_of(Role.DESK))
    rename(row, "机密")
    told = [one.next() for one in (public, desk)]
    assert [set(event.changed) for event in told if event] == [{"shops"}, {"shops"}]
    assert told[0].changed != told[1].changed, "other rights, other versions"  # type: ignore[union-attr]
    for one in (public, desk):
        assert "机密" not in "".join(one.raw)


def test_rights_that_changed_are_news(listen: Open, row: Facility) -> None:
    cookie = cookie_of(Role.DESK)
    known = listen(Cookie=cookie).start.id  # type: ignore[attr-defined]
    User.objects.update(role=Role.CITIZEN)
    listen(first="change", Cookie=cookie, Last_Event_ID=known)


def test_a_topic_of_a_person_is_heard_by_that_person_only(listen: Open) -> None:
    path, mine, theirs = "/live/?layers=inbox", cookie_of(Role.DESK), cookie_of(Role.HANDLER)
    assert listen(path).status == 404
    me, other = listen(path, Cookie=mine), listen(path, Cookie=theirs)
    InboxItem.objects.create(recipient=User.objects.get(role=Role.DESK), key="m1", subject="消息")
    assert me.next() is not None
    assert other.next(QUIET_S) is None
