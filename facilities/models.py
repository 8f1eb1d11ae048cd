"""Public facilities: categories are rows, so that a county adds one without a programmer."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from facilities.querysets import CategoryQuerySet, FacilityQuerySet
from kernel.nearest import geography
from media.models import Photo
from places.models import County, Place


class Category(models.Model):
    """A kind of facility (公厕, 卫生室 …).

    Attributes:
        icon: name of an icon of the visual language.
    """

    key = models.SlugField(_("标识"), max_length=30, primary_key=True)
    title = models.CharField(_("名称"), max_length=30)
    title_en = models.CharField(_("英文名称"), max_length=60)
    icon = models.CharField(_("图标"), max_length=30, default="pin")
    search_text = models.CharField(max_length=200, blank=True, editable=False)
    order = models.PositiveSmallIntegerField(_("次序"), default=100)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        """Order and names."""

        ordering = ["order", "key"]
        verbose_name = verbose_name_plural = _("设施类别")

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Facility(models.Model):
    """A public facility.

    Attributes:
        code: the county's own number, unique in the county when given.
        village: None when it lies outside every village; then it belongs to the county.
        services: what is offered there, a list of short texts.
        manager_mobile: private; shown to staff inside the place only.
        crs_source: coordinate system its position was given in before conversion ("EPSG:4326", "GCJ-02", "BD-09").
        geom: position, EPSG:4326.
    """

    class Status(models.TextChoices):
        """Whether it can be used."""

        OPEN = "open", _("开放")
        CLOSED = "closed", _("暂停开放")
        PLANNED = "planned", _("筹建")

    county = models.ForeignKey(County, models.CASCADE, related_name="facilities", verbose_name=_("县"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="facilities", verbose_name=_("类别"))
    village = models.ForeignKey(
        Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("所在村")
    )
    code = models.CharField(_("编号"), max_length=30, blank=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    search_text = models.CharField(max_length=400, blank=True, editable=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.OPEN)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    hours = models.CharField(_("开放时间"), max_length=80, blank=True)
    hours_en = models.CharField(_("开放时间（英文）"), max_length=120, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    services = models.JSONField(_("服务内容"), default=list, blank=True)
    manager = models.CharField(_("管理人（不公开）"), max_length=40, blank=True)
    manager_mobile = models.CharField(_("管理人手机（不公开）"), max_length=30, blank=True)
    crs_source = models.CharField(max_length=20, default="EPSG:4326")
    is_published = models.BooleanField(_("公开"), default=True)
    photos = models.ManyToManyField(Photo, through="FacilityPhoto", related_name="+")
    geom = models.PointField(_("位置"), srid=4326)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), null=True, editable=False)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        """Order, names, indexes."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("公共设施")
        indexes = [
            models.Index(fields=["county", "category"], name="facility_county_category"),
            GinIndex(OpClass(Upper("search_text"), name="gin_trgm_ops"), name="facility_search"),
            GistIndex(geography("geom"), name="facility_near"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="facility_code_once", condition=~models.Q(code=""))
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class FacilityPhoto(models.Model):
    """A photo of a facility."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="facility_photos")
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    caption = models.CharField(_("说明"), max_length=120, blank=True)
    caption_en = models.CharField(_("说明（英文）"), max_length=240, blank=True)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        """Order; a photo once per facility."""

        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["facility", "photo"], name="facility_photo_once")]
