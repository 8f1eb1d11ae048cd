from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_photo_version"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="title_en",
            field=models.CharField(blank=True, max_length=240, verbose_name="标题（英文）"),
        ),
        migrations.AddField(
            model_name="notice",
            name="body_en",
            field=models.TextField(blank=True, verbose_name="正文（英文）"),
        ),
        migrations.AddField(
            model_name="notice",
            name="title_en",
            field=models.CharField(blank=True, max_length=240, verbose_name="标题（英文）"),
        ),
        migrations.AddField(
            model_name="projectphoto",
            name="caption_en",
            field=models.CharField(blank=True, max_length=240, verbose_name="说明（英文）"),
        ),
    ]
