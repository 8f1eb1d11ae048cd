"""What hangs on a report: who reported and who follows, what they sent and said, how they were asked."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models.reports import Report
from incidents.querysets import OfReportQuerySet
from kernel import clock
from media.models import HoldsFile, one_file


class _OfReport(models.Model):
    """Something that belongs to a report."""

    objects = OfReportQuerySet.as_manager()

    class Meta:
        """No table of its own."""

        abstract = True


class Reporter(_OfReport):
    """Who reported, apart from what was reported. Reading a contact writes an audit row.

    Attributes:
        code_hash: HMAC-SHA256 of the tracking code, hex; the code itself is nowhere.
        name, phone, email: encrypted (``kernel.sealed``), empty for none.
        phone_hash: HMAC-SHA256 of the digits, to find the earlier reports of a caller.
        language: in which messages are written.
        is_confirmed: whoever reads what they are told by (the e-mail address, else the telephone) wants to hear of it.
        is_told: False for whoever has stopped the messages.
    """

    report = models.OneToOneField(Report, models.CASCADE, related_name="reporter")
    code_hash = models.CharField(max_length=64, unique=True)
    name = models.BinaryField(default=bytes, blank=True)
    phone = models.BinaryField(default=bytes, blank=True)
    email = models.BinaryField(default=bytes, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    language = models.CharField(max_length=5, default="zh")
    is_confirmed = models.BooleanField(default=False)
    is_told = models.BooleanField(default=True)

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = _("反映人")


class Submission(models.Model):
    """One sending of the form, so that a draft that was sent twice becomes one report.

    Attributes:
        key: the ``Idempotency-Key`` of the client, hashed together with the county.
        digest: SHA-256 of what was sent; the same key with other content is refused.
        answer: what was answered, the tracking code encrypted; a repeated sending gets it again.
    """

    key = models.CharField(max_length=64, primary_key=True)
    digest = models.CharField(max_length=64)
    report = models.OneToOneField(Report, models.CASCADE, related_name="submission")
    answer = models.BinaryField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = _("提交")


class Follower(_OfReport):
    """Somebody else with the same trouble (我也遇到了), or who wants to hear of it.

    Attributes:
        email: encrypted, empty for who only counts.
        is_told: whoever reads that address has said that they want to hear of it.
        client: HMAC of the client, so that one counts once a day.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="follows")
    email = models.BinaryField(default=bytes, blank=True)
    is_told = models.BooleanField(default=False)
    client = models.CharField(max_length=64)
    language = models.CharField(max_length=5, default="zh")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Once per client."""

        verbose_name = verbose_name_plural = _("关注")
        constraints = [models.UniqueConstraint(fields=["report", "client"], name="follower_once")]


class Comment(_OfReport):
    """A remark: of the reporter, of staff among themselves, or of the public (shown after moderation)."""

    class Audience(models.TextChoices):
        """Who reads it."""

        PUBLIC = "public", _("公开")
        REPORTER = "reporter", _("反映人和工作人员")
        STAFF = "staff", _("工作人员")

    report = models.ForeignKey(Report, models.CASCADE, related_name="comments")
    audience = models.CharField(max_length=8, choices=Audience)
    text = models.TextField(max_length=1000)
    public_text = models.TextField(max_length=1000, blank=True)
    is_published = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    part = models.CharField(max_length=16)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Order and names."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("留言")


class Attachment(HoldsFile, _OfReport):
    """A photo or a document that came with a report, a supplement or a wish to reopen.

    Attributes:
        report: None until the form that it was uploaded for is sent; what stays alone is removed after two days.
        photo: public once moderation has published it, and the report is public.
    """

    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="attachments")
    part = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Order; exactly one file."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("附件")
        constraints = [one_file("attachment_one_file")]


class Rating(_OfReport):
    """What the reporter says of an answer; one for each round."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    is_satisfied = models.BooleanField(_("满意"))
    text = models.CharField(_("评语"), max_length=500, blank=True)
    part = models.CharField(max_length=16)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Order; one per round."""

        ordering = ["round"]
        verbose_name = verbose_name_plural = _("评价")
        constraints = [models.UniqueConstraint(fields=["report", "round"], name="rating_once")]


class CallBack(_OfReport):
    """Somebody who had nothing to do with the work asks the reporter (回访), by telephone or at the door."""

    class Mode(models.TextChoices):
        """How."""

        PHONE = "phone", _("电话")
        VISIT = "visit", _("上门")

    class Outcome(models.TextChoices):
        """What came of it."""

        PENDING = "pending", _("待回访")
        SATISFIED = "satisfied", _("满意")
        UNSATISFIED = "unsatisfied", _("不满意")
        UNREACHED = "unreached", _("联系不上")
        MOOT = "moot", _("不必再问")

    report = models.ForeignKey(Report, models.CASCADE, related_name="call_backs")
    round = models.PositiveSmallIntegerField(default=1)
    mode = models.CharField(max_length=6, choices=Mode, default=Mode.PHONE)
    is_sample = models.BooleanField(_("抽查"), default=False)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.PENDING)
    note = models.CharField(_("记录"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Order; one for each round."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("回访")
        constraints = [models.UniqueConstraint(fields=["report", "round"], name="call_back_once")]
