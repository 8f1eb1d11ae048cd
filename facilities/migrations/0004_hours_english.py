from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0003_texts_english"),
    ]

    operations = [
        migrations.AddField(
            model_name="facility",
            name="hours_en",
            field=models.CharField(blank=True, max_length=120, verbose_name="开放时间（英文）"),
        ),
    ]
