"""What later scenes say of a point, and zones that an administrator can switch off."""

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.db import migrations, models

import kernel.clock

# A run of another detector over the same scenes is no further scene; of a run that was removed nobody knows the scene.
PERSISTS = """
UPDATE imagery_changepoint AS point SET why = (
    SELECT coalesce(jsonb_agg(
        CASE WHEN one ->> 'code' = 'persists'
        THEN one - 'runs' || jsonb_build_object('scenes', 1 + other.scenes, 'on', other.on_day) ELSE one END
        ORDER BY place
    ) FILTER (WHERE one ->> 'code' <> 'persists' OR other.scenes > 0), '[]')
    FROM jsonb_array_elements(why) WITH ORDINALITY AS told(one, place), (
        SELECT count(DISTINCT after.id) AS scenes,
               max((greatest(after.acquired_at, mine.acquired_at) AT TIME ZONE 'Asia/Shanghai')::date) AS on_day
        FROM imagery_sighting AS seen
        JOIN imagery_changerun AS run ON run.id = seen.run_id
        JOIN imagery_scene AS after ON after.id = run.after_id
        JOIN imagery_changerun AS own ON own.id = point.run_id AND own.after_id <> after.id
        JOIN imagery_scene AS mine ON mine.id = own.after_id
        WHERE seen.point_id = point.id
    ) AS other
) WHERE why @> '[{"code": "persists"}]'"""

PERSISTS_BACK = """
UPDATE imagery_changepoint SET why = (
    SELECT jsonb_agg(
        CASE WHEN one ->> 'code' = 'persists'
        THEN one - 'scenes' - 'on' || jsonb_build_object('runs', one -> 'scenes') ELSE one END ORDER BY place
    ) FROM jsonb_array_elements(why) WITH ORDINALITY AS told(one, place)
) WHERE why @> '[{"code": "persists"}]'"""

# What waits there is put into order anew, and has its line again: no zone has been applied yet.
SUPPRESSED = """
UPDATE imagery_changepoint SET why = (
    SELECT coalesce(jsonb_agg(one ORDER BY place) FILTER (WHERE one ->> 'code' <> 'suppressed'), '[]')
    FROM jsonb_array_elements(why) WITH ORDINALITY AS told(one, place)
) WHERE why @> '[{"code": "suppressed"}]'"""

# Not active meant that the verdicts no longer stand; the figure says that now.
ZONES = "UPDATE imagery_suppressionzone SET is_active = true, rejections = least(rejections, 2) WHERE NOT is_active"

ZONES_BACK = "UPDATE imagery_suppressionzone SET is_active = false WHERE rejections < 3"

RUNS = """
UPDATE imagery_changerun AS run SET again = (SELECT count(*) FROM imagery_sighting WHERE run_id = run.id)"""

SENSORS = "UPDATE imagery_scene SET sensor = '', title = replace(title, 'unknown ', '') WHERE sensor = 'unknown'"


class Migration(migrations.Migration):
    """Rows of before say the same in the new way."""

    dependencies = [("imagery", "0008_priority_share")]

    operations = [
        migrations.AddField(
            model_name="changepoint",
            name="gone_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="changepoint",
            name="gone_percent",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="changerun",
            name="again",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="changerun",
            name="gone",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="suppressionzone",
            name="is_applied",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="suppressionzone",
            name="county",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.county", verbose_name="县"
            ),
        ),
        migrations.AlterField(
            model_name="suppressionzone",
            name="geom",
            field=django.contrib.gis.db.models.fields.PolygonField(srid=4326, verbose_name="范围"),
        ),
        migrations.AlterField(
            model_name="suppressionzone",
            name="learnt_at",
            field=models.DateTimeField(default=kernel.clock.now, verbose_name="最近一次"),
        ),
        migrations.AlterField(
            model_name="suppressionzone",
            name="reason",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="imagery.rejectreason",
                verbose_name="排除原因",
            ),
        ),
        migrations.AlterField(
            model_name="suppressionzone",
            name="rejections",
            field=models.PositiveIntegerField(verbose_name="排除次数"),
        ),
        migrations.AddConstraint(
            model_name="changepoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gone_on", None), ("gone_percent", None)),
                    models.Q(("gone_on__isnull", False), ("gone_percent__isnull", False)),
                    _connector="OR",
                ),
                name="point_gone_dated",
            ),
        ),
        migrations.RunSQL(PERSISTS, PERSISTS_BACK),
        migrations.RunSQL(ZONES, ZONES_BACK),
        *(migrations.RunSQL(one, migrations.RunSQL.noop) for one in (SUPPRESSED, RUNS, SENSORS)),
    ]
