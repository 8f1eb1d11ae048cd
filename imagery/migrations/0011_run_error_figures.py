"""Why a run failed is a code and what its sentence names; sentences of before stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column more."""

    dependencies = [("imagery", "0010_reviews_stay")]

    operations = [
        migrations.AddField(
            model_name="changerun",
            name="error_figures",
            field=models.JSONField(default=dict),
        ),
    ]
