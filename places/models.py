"""Reference geography: counties, their places, whom to call there, roads, and what the base map draws."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from places.querysets import ContactQuerySet, PlaceQuerySet


class Level(models.TextChoices):
    """Administrative level of a place; the length of its code tells it (6, 9, 12, 15 digits)."""

    COUNTY = "county", _("县")
    TOWNSHIP = "township", _("乡镇")
    VILLAGE = "village", _("村")
    GRID = "grid", _("网格")


class Kind(models.TextChoices):
    """What a place is, within its level."""

    COUNTY = "county", _("县")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    SUBDISTRICT = "subdistrict", _("街道")
    VILLAGE = "village", _("村")
    COMMUNITY = "community", _("社区")
    PARK = "park", _("园区")
    GRID = "grid", _("网格")


class County(models.Model):
    """A county in this database: the root of everything that is read or written.

    Attributes:
        cells_illustrative: township and village areas are drawn by us, not surveyed (示意网格).
        approval_number: 审图号 of its base map, empty when not configured.
    """

    code = models.CharField(_("区划代码"), max_length=6, primary_key=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    cells_illustrative = models.BooleanField(_("示意网格"), default=False)
    approval_number = models.CharField(_("审图号"), max_length=40, blank=True)
    boundary_source = models.CharField(_("边界来源"), max_length=200, blank=True)
    as_of = models.DateTimeField(_("数据截至"), null=True, blank=True)

    class Meta:
        """Order and names."""

        ordering = ["code"]
        verbose_name = verbose_name_plural = _("县")

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Place(models.Model):
    """A county, township, village (also community, park) or grid.

    Attributes:
        code: 6, 9, 12 or 15 digits; the code of a place starts with the code of the place around it.
        search_text: see ``kernel.search.search_text``.
        geom: area, EPSG:4326.
        center: a point inside the area for labels and distances, EPSG:4326.
    """

    code = models.CharField(_("代码"), max_length=15, primary_key=True)
    county = models.ForeignKey(County, models.CASCADE, related_name="places", verbose_name=_("县"))
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    search_text = models.CharField(max_length=400, blank=True, editable=False)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    population = models.PositiveIntegerField(_("人口"), null=True, blank=True)
    geom = models.MultiPolygonField(_("范围"), srid=4326)
    center = models.PointField(_("中心点"), srid=4326)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        """Order, names, indexes."""

        ordering = ["code"]
        verbose_name = verbose_name_plural = _("地方")
        indexes = [
            models.Index(fields=["county", "level"], name="place_county_level"),
            GinIndex(OpClass(Upper("search_text"), name="gin_trgm_ops"), name="place_search"),
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Contact(models.Model):
    """Somebody to call, named by function: a contact at one of three levels, or a supervision phone.

    Attributes:
        place: for whom the contact answers; a contact of a county or township answers for all villages in it.
        mobile: private; shown to staff inside the place only.
    """

    class Kind(models.TextChoices):
        """What the contact is for."""

        CONTACT = "contact", _("联系人")
        SUPERVISION = "supervision", _("监督电话")

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    place = models.ForeignKey(Place, models.CASCADE, related_name="contacts", verbose_name=_("地方"))
    kind = models.CharField(_("用途"), max_length=12, choices=Kind, default=Kind.CONTACT)
    title = models.CharField(_("称呼"), max_length=60, help_text=_("按职务写，如“禹山村代办员”"))
    title_en = models.CharField(_("英文称呼"), max_length=120, blank=True)
    duty = models.CharField(_("负责什么"), max_length=120, blank=True)
    duty_en = models.CharField(_("负责什么（英文）"), max_length=240, blank=True)
    number = models.CharField(_("公开电话"), max_length=30)
    mobile = models.CharField(_("手机（不公开）"), max_length=30, blank=True)
    hours = models.CharField(_("接听时间"), max_length=60, blank=True)
    hours_en = models.CharField(_("接听时间（英文）"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("次序"), default=100)
    is_published = models.BooleanField(_("公开"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), null=True, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        """Order, names, indexes."""

        ordering = ["order", "pk"]
        verbose_name = verbose_name_plural = _("联系电话")
        indexes = [models.Index(fields=["county", "kind"], name="contact_county_kind")]

    def __str__(self) -> str:
        """Who it is."""
        return self.title


class Road(models.Model):
    """One edge of the road network; edges that share a vertex are connected.

    Attributes:
        source, target: vertex numbers within the county, as pgRouting wants them.
        geom: line, EPSG:4326.
    """

    class RoadClass(models.TextChoices):
        """Importance, which decides width and colour on the map."""

        MAIN = "main", _("干线")
        SECONDARY = "secondary", _("次干线")
        MINOR = "minor", _("村道")
        PATH = "path", _("小路")

    county = models.ForeignKey(County, models.CASCADE, related_name="roads")
    name = models.CharField(_("路名"), max_length=80, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    road_class = models.CharField(_("等级"), max_length=10, choices=RoadClass, default=RoadClass.MINOR)
    is_bridge = models.BooleanField(_("桥"), default=False)
    is_closable = models.BooleanField(_("可封闭"), default=False)
    is_closed = models.BooleanField(_("已封闭"), default=False)
    source = models.BigIntegerField()
    target = models.BigIntegerField()
    length_m = models.FloatField(_("长度（米）"))
    origin = models.CharField(_("数据来源"), max_length=120, blank=True)
    geom = models.LineStringField(srid=4326)

    class Meta:
        """Names and indexes."""

        verbose_name = verbose_name_plural = _("道路")
        indexes = [models.Index(fields=["county", "source"]), models.Index(fields=["county", "target"])]


class BaseFeature(models.Model):
    """Something that only the base map draws: land, relief, fields, water, houses, borders, names.

    Attributes:
        layer: which layer of the base-map tile it belongs to.
        kind: variant within the layer ("pond", "township", field variant "2").
        rank: importance of a label or width class of a river; 1 is most important.
        min_zoom: not drawn below this zoom.
        geom: any geometry, EPSG:4326.
    """

    class Layer(models.TextChoices):
        """Layers of the base-map tile, from below to above (roads come from ``Road``, before BOUNDARY)."""

        LAND = "land"
        RELIEF = "relief"
        FIELD = "field"
        BUILT = "built"
        WATER = "water"
        RIVER = "river"
        RAIL = "rail"
        BUILDING = "building"
        BOUNDARY = "boundary"
        LABEL = "label"

    county = models.ForeignKey(County, models.CASCADE, related_name="base_features")
    layer = models.CharField(max_length=10, choices=Layer)
    kind = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    rank = models.PositiveSmallIntegerField(default=5)
    min_zoom = models.PositiveSmallIntegerField(default=0)
    geom = models.GeometryField(srid=4326)

    class Meta:
        """Names and indexes."""

        verbose_name = verbose_name_plural = _("底图要素")
        indexes = [models.Index(fields=["county", "layer"], name="base_county_layer")]
