"""What was done, by whom; its seals; the working calendar; messages that wait for delivery; runs of periodic jobs."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from records.querysets import AuditEventQuerySet


class AuditEvent(models.Model):
    """One act of somebody. Rows are only ever added: triggers refuse the rest (records/sql/0001_append_only.sql).

    Attributes:
        era, xid: place of the row in the order of sealing, set by a trigger: the 64-bit number of the transaction, and
            how often that number had started again (a dump restored into a new cluster).
        actor_id: user number, None for the system itself; no foreign key, for the row outlives the user.
        object_type: "app.model".
        changes: ``{field: [before, after]}``.
    """

    era = models.PositiveIntegerField(default=0, editable=False)
    xid = models.BigIntegerField(default=0, editable=False)
    at = models.DateTimeField(_("时间"), default=clock.now)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(_("谁"), max_length=80)
    role = models.CharField(_("角色"), max_length=16, blank=True)
    county = models.CharField(_("县"), max_length=6)
    action = models.CharField(_("做了什么"), max_length=60)
    object_type = models.CharField(_("对象"), max_length=60)
    object_id = models.CharField(max_length=60)
    changes = models.JSONField(_("改动"), default=dict, encoder=DjangoJSONEncoder)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        """Order, names, indexes."""

        ordering = ["id"]
        verbose_name = verbose_name_plural = _("操作记录")
        indexes = [
            models.Index(fields=["era", "xid", "id"], name="audit_seal_order"),
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            models.Index(fields=["county", "at"], name="audit_county_at"),
        ]

    def __str__(self) -> str:
        """What was done to what."""
        return f"{self.action} {self.object_type}:{self.object_id}"


class AuditSeal(models.Model):
    """A seal over all audit rows from the end of the previous seal up to (``end_era``, ``end_xid``), that not included.

    Attributes:
        rows: how many rows it covers.
        key_id: tells which key it was made with, without telling the key.
        mac: HMAC-SHA256 in hex over the previous seal's mac, the range and the rows (``records.seals``).
    """

    at = models.DateTimeField(default=clock.now)
    end_era = models.PositiveIntegerField()
    end_xid = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    key_id = models.CharField(max_length=16)
    mac = models.CharField(max_length=64)

    class Meta:
        """Order; one seal per end, so that two sealers at once cannot both succeed."""

        ordering = ["id"]
        verbose_name = verbose_name_plural = _("封存记录")
        constraints = [models.UniqueConstraint(fields=["end_era", "end_xid"], name="seal_end_once")]

    def __str__(self) -> str:
        """Its number and the beginning of its code."""
        return f"{self.pk} {self.mac[:12]}"


class HistoryEvent(models.Model):
    """One step in the life of an object: its history, as people read it and figures count it. Rows are only ever added.

    The events of one object are a chain: each holds the hash of the one before it, and the audit row that is written
    with it holds its own, so that the seals of the audit also say how long the chain was.

    Attributes:
        object_type, object_id: "incidents.report", its key.
        seq: 1, 2, 3 … within the object.
        move: name of the move, or of another act ("comment").
        data: what was given with it; contents that are nobody else's business stay out, as in the audit.
        hash: SHA-256 in hex over the hash of the event before ("" for the first) and all columns.
    """

    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(_("时间"), default=clock.now)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(_("谁"), max_length=80)
    part = models.CharField(_("身份"), max_length=16, blank=True)
    county = models.CharField(_("县"), max_length=6)
    move = models.CharField(_("做了什么"), max_length=30)
    state_from = models.CharField(max_length=20, blank=True)
    state_to = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    hash = models.CharField(max_length=64)

    class Meta:
        """Order; numbered within the object."""

        ordering = ["object_type", "object_id", "seq"]
        verbose_name = verbose_name_plural = _("办理过程")
        constraints = [models.UniqueConstraint(fields=["object_type", "object_id", "seq"], name="history_seq_once")]
        indexes = [models.Index(fields=["county", "move", "at"], name="history_move")]

    def __str__(self) -> str:
        """What was done to what."""
        return f"{self.move} {self.object_type}:{self.object_id}"


class CalendarDay(models.Model):
    """A day on which the county's calendar differs from the published one (or comes before it is published)."""

    day = models.DateField(_("日期"), primary_key=True)
    is_workday = models.BooleanField(_("工作日"))
    name = models.CharField(_("名称"), max_length=40, blank=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        """Order and names."""

        ordering = ["day"]
        verbose_name = verbose_name_plural = _("工作日历")

    def __str__(self) -> str:
        """The date and its name."""
        return f"{self.day} {self.name}".strip()


class OutboxMessage(models.Model):
    """A message that was decided in a transaction and is delivered after it, by the worker.

    Attributes:
        dedupe_key: one message per key, however often it is asked for ("order-12-assigned"); channels hand it on, so
            that a receiver can drop the copy that a crash between sending and noting may cause.
        due_at: not before this moment; also the end of the lease while somebody is delivering it.
        attempts: how often delivery was begun.
    """

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        DEAD = "dead", _("发送失败")

    dedupe_key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(_("渠道"), max_length=20)
    recipient = models.CharField(_("收件人"), max_length=200)
    subject = models.CharField(_("标题"), max_length=200, blank=True)
    body = models.TextField(_("内容"))
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    county = models.CharField(_("县"), max_length=6)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    due_at = models.DateTimeField(default=clock.now)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """Names, and an index of what waits."""

        verbose_name = verbose_name_plural = _("待发消息")
        indexes = [models.Index(fields=["due_at", "id"], name="outbox_due", condition=models.Q(state="waiting"))]

    def __str__(self) -> str:
        """Its key."""
        return self.dedupe_key


class QuarantinedRow(models.Model):
    """A row of an imported file that could not be taken as it is: it waits here with the reason, and is never dropped.

    Attributes:
        target: what it was to become, "incidents.report".
        file, sha256: name and content of the file.
        row: its line, the heading being 1.
        key: its number in the other system, "" where it has none.
        reason: a code; the importer says what it means.
        data: the row as it stands in the file.
    """

    county = models.CharField(_("县"), max_length=6)
    target = models.CharField(_("对象"), max_length=60)
    file = models.CharField(_("文件"), max_length=120)
    sha256 = models.CharField(max_length=64)
    row = models.PositiveIntegerField(_("行"))
    key = models.CharField(_("编号"), max_length=60, blank=True)
    reason = models.CharField(_("原因"), max_length=30)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Order; a row of a file waits once."""

        ordering = ["county", "file", "row"]
        verbose_name = verbose_name_plural = _("待处理的导入行")
        constraints = [models.UniqueConstraint(fields=["county", "sha256", "row"], name="quarantine_row_once")]

    def __str__(self) -> str:
        """Where it stands and why it waits."""
        return f"{self.file}:{self.row} {self.reason}"


class PeriodicRun(models.Model):
    """When a periodic job was last enqueued; kept, so that a restart neither repeats nor forgets a daily job."""

    key = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = _("定时任务")

    def __str__(self) -> str:
        """Its key."""
        return self.key
