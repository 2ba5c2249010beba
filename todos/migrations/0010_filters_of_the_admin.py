"""What the admin filters by is read from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("todos", "0009_due")]

    operations = [
        migrations.AddIndex(
            "todo",
            models.Index(fields=["id"], condition=models.Q(deleted=True), name="deleted_by_id"),
        ),
        migrations.AddIndex(
            "rejection", models.Index(fields=["code", "id"], name="rejection_by_code")
        ),
    ]
