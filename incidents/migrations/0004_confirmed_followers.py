"""Followers are told after they have confirmed; those who followed before that was asked have left their address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="follower",
            name="is_told",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(
            "UPDATE incidents_follower SET is_told = true WHERE length(email) > 0", migrations.RunSQL.noop
        ),
    ]
