"""Priorities are shares of all that can raise one (``imagery.states.priority.MOST``), not cut off at 1."""

from django.db import migrations


class Migration(migrations.Migration):
    """What was cut off is known again when the points are put into order the next time."""

    dependencies = [("imagery", "0007_nearest")]

    operations = [
        migrations.RunSQL(
            "UPDATE imagery_changepoint SET priority = round((priority / 1.5)::numeric, 3)",
            "UPDATE imagery_changepoint SET priority = least(round((priority * 1.5)::numeric, 3), 1)",
        ),
    ]
