import django.db.models.deletion
from django.db import migrations, models

from kernel.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0005_live_values"),
    ]

    operations = [
        migrations.RunSQL(sql_file(__file__, "0006_observations.sql"), "DROP VIEW devices_observation"),
        migrations.CreateModel(
            name="Observation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "stream_id", "ts", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ts", models.DateTimeField()),
                ("value", models.FloatField(null=True)),
                ("text", models.CharField(max_length=200, null=True)),
                ("quality", models.SmallIntegerField()),
                (
                    "stream",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="observations",
                        to="devices.datastream",
                    ),
                ),
            ],
            options={
                "db_table": "devices_observation",
                "managed": False,
            },
        ),
    ]
