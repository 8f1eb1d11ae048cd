"""Points whose pictures nobody has drawn yet are found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index; no row changes."""

    dependencies = [("imagery", "0011_run_error_figures")]

    operations = [
        migrations.AddIndex(
            model_name="changepoint",
            index=models.Index(fields=["-priority"], name="point_undrawn", condition=models.Q(chips={})),
        ),
    ]
