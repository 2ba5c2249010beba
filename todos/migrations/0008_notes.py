from django.db import migrations, models

import todos.models


class Migration(migrations.Migration):
    dependencies = [("todos", "0007_conflicts_and_history")]

    operations = [
        migrations.AddField(
            "todo", "notes", models.TextField(blank=True, default="", db_default="")
        ),
        migrations.AddField("todo", "notes_stamp", todos.models.StampField(db_default="")),
    ]
