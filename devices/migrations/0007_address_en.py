"""Where a device stands, in English."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column more."""

    dependencies = [("devices", "0006_observations")]

    operations = [
        migrations.AddField(
            "device",
            "address_en",
            models.CharField("英文位置说明", max_length=160, blank=True, default="", db_default=""),
        ),
    ]
