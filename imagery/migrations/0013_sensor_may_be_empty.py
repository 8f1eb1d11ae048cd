"""A scene of which nobody said the sensor can be saved by an administrator."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Forms only; no column changes."""

    dependencies = [("imagery", "0012_undrawn")]

    operations = [
        migrations.AlterField(
            model_name="scene",
            name="sensor",
            field=models.CharField(blank=True, max_length=40, verbose_name="传感器"),
        ),
    ]
