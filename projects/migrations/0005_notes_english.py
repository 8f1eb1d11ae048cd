from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0004_texts_english"),
    ]

    operations = [
        migrations.AddField(
            model_name="progress",
            name="note_en",
            field=models.CharField(blank=True, max_length=600, verbose_name="说明（英文）"),
        ),
        migrations.AddField(
            model_name="project",
            name="description_en",
            field=models.TextField(blank=True, verbose_name="内容（英文）"),
        ),
        migrations.AddField(
            model_name="project",
            name="progress_note_en",
            field=models.CharField(blank=True, editable=False, max_length=600, verbose_name="进度说明（英文）"),
        ),
        migrations.AddField(
            model_name="project",
            name="stage_note_en",
            field=models.CharField(blank=True, max_length=400, verbose_name="阶段说明（英文）"),
        ),
        migrations.AddField(
            model_name="project",
            name="supervision_title_en",
            field=models.CharField(blank=True, max_length=120, verbose_name="监督单位（英文）"),
        ),
    ]
