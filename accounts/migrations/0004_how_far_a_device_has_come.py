"""How far each device has come, and what went wrong last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_devices_sessions_deletion"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="last_error",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name="device",
            name="last_error_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="position",
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
