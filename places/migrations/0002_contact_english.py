from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="duty_en",
            field=models.CharField(blank=True, max_length=240, verbose_name="负责什么（英文）"),
        ),
        migrations.AddField(
            model_name="contact",
            name="hours_en",
            field=models.CharField(blank=True, max_length=120, verbose_name="接听时间（英文）"),
        ),
        migrations.AddField(
            model_name="contact",
            name="title_en",
            field=models.CharField(blank=True, max_length=120, verbose_name="英文称呼"),
        ),
    ]
