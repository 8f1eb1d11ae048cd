"""When a worker last spoke of a run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """``heard_at``."""

    dependencies = [("imagery", "0004_field_position")]

    operations = [
        migrations.AddField(
            model_name="changerun",
            name="heard_at",
            field=models.DateTimeField(null=True),
        ),
    ]
