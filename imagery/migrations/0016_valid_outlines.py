"""Outlines that crossed themselves are put right, and none can come any more: one stopped all that lays them over others."""

from django.db import migrations, models

PUT_RIGHT = """
UPDATE {table} SET geom = (
    SELECT part.geom FROM ST_Dump(ST_CollectionExtract(ST_MakeValid({table}.geom), 3)) part
    ORDER BY ST_Area(part.geom) DESC LIMIT 1
) WHERE NOT ST_IsValid(geom)"""
"""The largest part stays: what a crossing cuts off is a speck."""


class Migration(migrations.Migration):
    """Backwards the outlines stay as they are."""

    dependencies = [("imagery", "0015_defer_is_a_verdict")]

    operations = [
        migrations.RunSQL(PUT_RIGHT.format(table="imagery_changepoint"), migrations.RunSQL.noop),
        migrations.RunSQL(PUT_RIGHT.format(table="imagery_sighting"), migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="changepoint",
            constraint=models.CheckConstraint(condition=models.Q(("geom__isvalid", True)), name="point_geom_valid"),
        ),
        migrations.AddConstraint(
            model_name="sighting",
            constraint=models.CheckConstraint(condition=models.Q(("geom__isvalid", True)), name="sighting_geom_valid"),
        ),
    ]
