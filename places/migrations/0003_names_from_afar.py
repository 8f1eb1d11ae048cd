"""Names of townships are in the tiles of zoom 8: maps show those from zoom 8.5 on, narrow frames and phones at first."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """The names that are there already; new ones are made so (``places.sql``)."""

    dependencies = [("places", "0002_contact_english")]

    operations = [
        migrations.RunSQL(
            "UPDATE places_basefeature SET min_zoom = 8 WHERE layer = 'label' AND kind = 'township' AND min_zoom = 9",
            migrations.RunSQL.noop,
        )
    ]
