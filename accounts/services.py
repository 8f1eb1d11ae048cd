"""Writes of the accounts: users, their jurisdiction, their passwords."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.errors import DemoIsOff, OtherCounty, UsernameTaken
from accounts.models import ApiKey, InboxItem, Jurisdiction, Unit, User
from accounts.selectors import SavedFilter
from kernel import clock
from kernel.errors import Forbidden, Invalid, NotFound, NotSignedIn
from kernel.outbox import Message
from kernel.viewer import Role, Viewer
from places.models import Place
from records.services import audit_write, changes_between


def phrase() -> str:
    """A password that can be read out on the telephone ("kivo-ruma-tade-47"): 43 bits.

    Enough beside the throttling of the sign-in page (five tries in a quarter of an hour).
    """
    words = ("".join(secrets.choice(letters) for letters in (_FIRST, _SECOND) * 2) for _ in range(3))
    return "-".join([*words, f"{secrets.randbelow(100):02}"])


_FIRST, _SECOND = "bdfghklmnprstvwz"[:14], "aeiou"


@dataclass(frozen=True, slots=True)
class Answers:
    """A place that a user answers for; both dates are included."""

    place: str
    valid_from: dt.date
    valid_to: dt.date | None = None


def user_create(
    *, by: Viewer, username: str, name: str, role: Role, unit: Unit | None = None, mobile: str = "", password: str = ""
) -> tuple[User, str]:
    """A new account in the county that is looked at; the password must be changed at the first sign-in.

    Args:
        by: an administrator.
        username: what is typed at the sign-in.
        name: what others see.
        role: what the user plays.
        unit: where the user works.
        mobile: private.
        password: a first one; a phrase is made up without it.

    Returns:
        The user, and the first password.

    Raises:
        UsernameTaken: there is such an account.
        NotSignedIn, Forbidden, OtherCounty: ``by`` may not.
    """
    password = password or phrase()
    with transaction.atomic():
        _require_admin(by, by.county)
        if User.objects.filter(username=username).exists():
            raise UsernameTaken(_("已经有用户名为“%s”的账号。") % username, field="username")
        user = User(username=username, name=name, role=role, county_id=by.county, unit=unit, mobile=mobile)
        user.must_change_password, user.created_at = True, clock.now()
        validate_password(password, user)
        user.set_password(password)
        user.save()
        after = {"username": username, "name": name, "role": role, "unit": unit, "county": by.county}
        audit_write(by=by, action="user.create", obj=user, changes=changes_between({}, after))
    return user, password


EDITABLE = ("name", "role", "unit", "mobile", "is_active")


def user_update(*, by: Viewer, user_id: int, **fields: Any) -> User:
    """Change an account; ``is_active=False`` ends its sessions at their next request.

    Args:
        by: an administrator.
        user_id: whose account.
        fields: some of ``EDITABLE``.

    Raises:
        Invalid: another field.
        NotSignedIn, Forbidden, OtherCounty: ``by`` may not.
    """
    if unknown := set(fields) - set(EDITABLE):
        raise Invalid(_("不能修改：%s。") % "、".join(sorted(unknown)), field=min(unknown))
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        _require_admin(by, user.county_id)
        if user.pk == by.user_id and (fields.get("is_active") is False or fields.get("role", user.role) != user.role):
            raise Forbidden(_("不能停用自己，也不能改自己的角色。"))
        changes = changes_between({name: getattr(user, name) for name in fields}, fields)
        if "mobile" in changes:
            changes["mobile"] = ["…", "…"]  # private: that it changed, not what it is
        for name, value in fields.items():
            setattr(user, name, value)
        user.save(update_fields=list(fields))
        audit_write(by=by, action="user.update", obj=user, changes=changes)
    return user


def jurisdiction_set(*, by: Viewer, user_id: int, answers: Sequence[Answers]) -> None:
    """Say anew for which places a user answers, and from when to when.

    Raises:
        Invalid: a place of another county, or dates in the wrong order.
        NotSignedIn, Forbidden, OtherCounty: ``by`` may not.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        _require_admin(by, user.county_id)
        known = set(Place.objects.filter(pk__in=[one.place for one in answers]).values_list("pk", flat=True))
        for one in answers:
            if one.place not in known or (user.county_id and not one.place.startswith(user.county_id)):
                raise Invalid(_("“%s”不是本县的地方。") % one.place, field="place")
            if one.valid_to and one.valid_to < one.valid_from:
                raise Invalid(_("结束日期早于开始日期。"), field="valid_to")
        before = [_said(one.place_id, one.valid_from, one.valid_to) for one in user.jurisdictions.order_by("place_id")]
        user.jurisdictions.all().delete()
        rows = [
            Jurisdiction(user=user, place_id=a.place, valid_from=a.valid_from, valid_to=a.valid_to) for a in answers
        ]
        Jurisdiction.objects.bulk_create(rows)
        after = [_said(one.place, one.valid_from, one.valid_to) for one in sorted(answers, key=lambda a: a.place)]
        audit_write(by=by, action="user.jurisdiction", obj=user, changes={"jurisdiction": [before, after]})


def _said(place: str, valid_from: dt.date, valid_to: dt.date | None) -> str:
    return f"{place} {valid_from}…{valid_to or ''}"


def password_reset(*, by: Viewer, user_id: int) -> str:
    """A new first password, told to the administrator once; the user must change it. Ends the user's sessions.

    Raises:
        NotSignedIn, Forbidden, OtherCounty: ``by`` may not.
    """
    password = phrase()
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        _require_admin(by, user.county_id)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        audit_write(by=by, action="user.password_reset", obj=user)
    return password


def password_change(*, by: Viewer, password: str) -> User:
    """The viewer's own new password. Ends the viewer's other sessions (their hash no longer fits).

    Raises:
        NotSignedIn: nobody is signed in.
        ValidationError: the password is too weak.
    """
    with transaction.atomic():
        user = _myself(by)
        validate_password(password, user)
        if user.check_password(password):
            raise Invalid(_("新密码和原来的一样。"), field="new_password1")
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        audit_write(by=by, action="user.password_change", obj=user)
    return user


def _myself(by: Viewer) -> User:
    if by.user_id is None:
        raise NotSignedIn(_("请先登录。"))
    return User.objects.select_for_update().get(pk=by.user_id)


def _require_admin(by: Viewer, county: str | None) -> None:
    """An administrator looks after the people of the own county; one without a county after everybody."""
    if by.user_id is None:
        raise NotSignedIn(_("请先登录。"))
    if not by.has_role(Role.ADMIN):
        raise Forbidden(_("只有系统管理员可以管理账号。"))
    own = User.objects.values_list("county_id", flat=True).get(pk=by.user_id)
    if own is not None and own != county:
        raise OtherCounty(_("只能管理本县的账号。"))


# ---------------------------------------------------------------- keys of programs

COMMAND_LINE = "command line"
"""Label of whoever has a shell on the server; nobody who comes over HTTP has it."""


def api_key_create(*, by: Viewer, label: str, may_write: bool = True, rate: int = 3600) -> tuple[ApiKey, str]:
    """A key for a program, in the county that is looked at; the key and what is kept of it.

    Args:
        by: an administrator, or the command line.
        label: whose program it is.
        may_write: whether it may send reports.
        rate: requests an hour.

    Raises:
        NotSignedIn, Forbidden, OtherCounty: ``by`` may not.
    """
    key = secrets.token_hex(20)  # 160 bits: nothing to be guessed, so a fast hash will do
    with transaction.atomic():
        if by.label != COMMAND_LINE:
            _require_admin(by, by.county)
        row = ApiKey(county_id=by.county, label=label, may_write=may_write, rate=rate)
        row.key_hash = selectors.api_key_hash(key)
        row.save()
        after = {"label": label, "may_write": may_write, "rate": rate}
        audit_write(by=by, action="apikey.create", obj=row, changes=changes_between({}, after))
    return row, key


# ---------------------------------------------------------------- demo accounts


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One demo account: the unit by code ("" = none), places by code."""

    username: str
    name: str
    role: str
    unit: str = ""
    places: tuple[str, ...] = ()


def demo_password() -> str:
    """The one password of all demo accounts: made once per installation, kept in a file that only its owner reads."""
    path = settings.DEMO_PASSWORD_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        new.touch(mode=0o600)
        new.write_text(phrase(), encoding="ascii")
        try:
            path.hardlink_to(new)  # several processes may start at once: the first one decides
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return str(path.read_text(encoding="ascii").strip())


def demo_password_settle() -> str:
    """The demo password, after every demo account of this database has it: another installation may have made them."""
    password = demo_password()
    one = User.objects.filter(is_demo=True).first()
    if settings.DEMO and one is not None and not check_password(password, one.password):
        User.objects.filter(is_demo=True).update(password=make_password(password))
    return password


def demo_users_set(*, county: str, accounts: Iterable[DemoAccount], valid_from: dt.date) -> int:
    """Make the demo accounts of a county, or set them right again; how many.

    All have the same password, so it is hashed once and the hash is shared: argon2 is slow by design, and 120 hashes
    would take half a minute for a password that is printed on the terminal anyway.

    Raises:
        DemoIsOff: outside demo mode.
        UsernameTaken: a name belongs to a real account.
    """
    if not settings.DEMO:
        raise DemoIsOff(_("只有演示模式才有演示账号。"))
    accounts = list(accounts)
    names = [account.username for account in accounts]
    if taken := User.objects.filter(username__in=names, is_demo=False).values_list("username", flat=True).first():
        raise UsernameTaken(_("已经有用户名为“%s”的账号。") % taken, field="username")
    hashed = make_password(demo_password())
    with transaction.atomic():
        units = dict(Unit.objects.filter(county_id=county).values_list("code", "pk"))
        rows = [_demo_user(account, county, units, hashed) for account in accounts]
        columns = ["name", "role", "county", "unit", "password", "is_active", "is_demo", "must_change_password"]
        User.objects.bulk_create(rows, update_conflicts=True, unique_fields=["username"], update_fields=columns)
        keys = dict(User.objects.filter(username__in=names).values_list("username", "pk"))
        Jurisdiction.objects.filter(user__in=keys.values()).delete()
        Jurisdiction.objects.bulk_create(
            Jurisdiction(user_id=keys[account.username], place_id=place, valid_from=valid_from)
            for account in accounts
            for place in account.places
        )
    return len(rows)


def _demo_user(account: DemoAccount, county: str, units: dict[str, int], hashed: str) -> User:
    return User(
        username=account.username,
        name=account.name,
        role=Role(account.role),
        county_id=county,
        unit_id=units[account.unit] if account.unit else None,
        password=hashed,
        is_demo=True,
        created_at=clock.now(),
    )


def inbox_put(message: Message) -> None:
    """Deliver a message of the outbox to a person's inbox; a second delivery of the same one changes nothing.

    Somebody who is gone meanwhile gets nothing.
    """
    if not User.objects.filter(pk=message.recipient).exists():
        return
    item = InboxItem(
        recipient_id=int(message.recipient),
        key=message.key,
        subject=message.subject,
        body=message.body,
        subject_en=message.data.get("subject_en", ""),
        body_en=message.data.get("body_en", ""),
        link=message.data.get("link", ""),
        at=clock.now(),
    )
    InboxItem.objects.bulk_create([item], ignore_conflicts=True)


def filters_save(*, by: Viewer, filters: Iterable[SavedFilter]) -> None:
    """Keep a person's filters of the console, in the place of those from before.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    User.objects.filter(pk=by.user_id or 0).update(saved_filters=[asdict(one) for one in filters])


def inbox_read(*, by: Viewer, item_id: int) -> InboxItem:
    """Note that a message was read, the first time.

    Raises:
        NotSignedIn, NotFound: nobody is signed in; it is not the viewer's.
    """
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    own = InboxItem.objects.filter(recipient=by.user_id, pk=item_id)
    own.filter(read_at=None).update(read_at=clock.now())
    found = own.first()
    if found is None:
        raise NotFound(_("没有这条消息。"))
    return found
