from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("layers", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="county",
            field=models.CharField(blank=True, max_length=20),
        ),
    ]
