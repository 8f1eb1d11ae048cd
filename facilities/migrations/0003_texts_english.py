from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0002_nearest"),
    ]

    operations = [
        migrations.AddField(
            model_name="facilityphoto",
            name="caption_en",
            field=models.CharField(blank=True, max_length=240, verbose_name="说明（英文）"),
        ),
    ]
