"""A verdict cannot be removed while its point is there."""

from django.db import migrations

from kernel.sql import sql_file


class Migration(migrations.Migration):
    """Triggers; no row changes."""

    dependencies = [("imagery", "0009_later_scenes")]

    operations = [
        migrations.RunSQL(
            sql_file(__file__, "0002_reviews_stay.sql"), sql_file(__file__, "0002_reviews_stay_undo.sql")
        ),
    ]
