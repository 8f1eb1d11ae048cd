from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("media", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="alt_en",
            field=models.CharField(blank=True, max_length=400, verbose_name="文字说明（英文）"),
        ),
    ]
