"""A call-back that waits ends with its round; those that rounds gone by left behind end now."""

from django.db import migrations, models

END = """
UPDATE incidents_callback AS c SET outcome = 'moot'
  FROM incidents_report AS r LEFT JOIN dispatch_workorder AS w ON w.id = r.order_id
 WHERE r.id = c.report_id AND c.outcome = 'pending'
   AND (r.state NOT IN ('answered', 'closed') OR c.round < coalesce(w.round, 1))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0001_initial"),
        ("incidents", "0005_confirmed_reporters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="callback",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("pending", "待回访"),
                    ("satisfied", "满意"),
                    ("unsatisfied", "不满意"),
                    ("unreached", "联系不上"),
                    ("moot", "不必再问"),
                ],
                default="pending",
                max_length=12,
            ),
        ),
        migrations.RunSQL(END, migrations.RunSQL.noop),
    ]
