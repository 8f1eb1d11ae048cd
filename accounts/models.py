"""Users, their unit, and the places they answer for."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.viewer import Role
from places.models import County, Place

ROLE_TITLES = {
    Role.CITIZEN: _("居民"),
    Role.VILLAGE_AGENT: _("村级代办员"),
    Role.GRID_MANAGER: _("网格员"),
    Role.DESK: _("受理员"),
    Role.HANDLER: _("承办人"),
    Role.SUPERVISOR: _("督查员"),
    Role.OFFICIAL: _("领导"),
    Role.ADMIN: _("系统管理员"),
}


class Unit(models.Model):
    """A department of the county or the government of a township (单位)."""

    county = models.ForeignKey(County, models.CASCADE, related_name="units", verbose_name=_("县"))
    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    place = models.ForeignKey(
        Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("所在乡镇")
    )
    phone = models.CharField(_("公开电话"), max_length=30, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        """Order, names, and one code per county."""

        ordering = ["county", "code"]
        verbose_name = verbose_name_plural = _("单位")
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="unit_code_once")]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """A user with a hashed password (none: nobody can sign in)."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> User:
        """An administrator who may do everything in Django's admin."""
        return self.create_user(username, password, role=Role.ADMIN, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in.

    Attributes:
        name: what others see; in the demonstration a function, never a person.
        county: the county the user works for; None only for the operator of the whole installation.
        saved_filters: what lists the user often narrows to what, see ``selectors.SavedFilter``.
    """

    username = models.CharField(_("用户名"), max_length=40, unique=True)
    name = models.CharField(_("姓名或职务"), max_length=40)
    role = models.CharField(_("角色"), max_length=16, choices=[(r.value, t) for r, t in ROLE_TITLES.items()])
    county = models.ForeignKey(County, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("县"))
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="users", verbose_name=_("单位"))
    mobile = models.CharField(_("手机（不公开）"), max_length=30, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False, editable=False)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    created_at = models.DateTimeField(_("建立时间"), default=clock.now, editable=False)
    saved_filters = models.JSONField(default=list, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        """Order and names."""

        ordering = ["username"]
        verbose_name = verbose_name_plural = _("用户")

    def __str__(self) -> str:
        """Name and user name."""
        return f"{self.name}（{self.username}）"

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin opens: master data are the administrators' work."""
        return self.role == Role.ADMIN


class Jurisdiction(models.Model):
    """A place that a user answers for, from a date to a date (both included)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="jurisdictions", verbose_name=_("用户"))
    place = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name=_("地方"))
    valid_from = models.DateField(_("自"), default=clock.today)
    valid_to = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        """Names and checks."""

        verbose_name = verbose_name_plural = _("辖区")
        constraints = [
            models.CheckConstraint(
                name="jurisdiction_dates_in_order",
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        """The code of the place."""
        return self.place_id


class InboxItem(models.Model):
    """A message to somebody who signs in, in both languages; nothing private: it is read on shared computers.

    Attributes:
        key: of the message; a second delivery of the same one adds nothing.
        link: address of what it is about, on this site.
    """

    recipient = models.ForeignKey(User, models.CASCADE, related_name="inbox")
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    subject_en = models.CharField(max_length=200, blank=True)
    body_en = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; what is unread is counted for every page."""

        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("站内消息")
        indexes = [
            models.Index(fields=["recipient", "-id"], name="inbox_newest"),
            models.Index(fields=["recipient"], name="inbox_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        """Its subject."""
        return self.subject


class ApiKey(models.Model):
    """A program of somebody else's that writes through an open interface (Open311), in the name of one county.

    Attributes:
        label: whose program it is; the audit says it.
        key_hash: HMAC-SHA256 of the key, hex; the key itself is shown once and kept nowhere.
        rate: requests an hour.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    label = models.CharField(_("用途"), max_length=60, help_text=_("谁的什么程序，如“市民热线对接”"))
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    may_write = models.BooleanField(_("可以提交"), default=True)
    rate = models.PositiveIntegerField(_("每小时最多请求"), default=3600)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("建立时间"), default=clock.now, editable=False)

    class Meta:
        """Order and names."""

        ordering = ["county", "label"]
        verbose_name = verbose_name_plural = _("接口密钥")

    def __str__(self) -> str:
        """Whose it is."""
        return self.label
