from django.db import migrations, models

import todos.models


class Migration(migrations.Migration):
    dependencies = [("todos", "0008_notes")]

    operations = [
        migrations.AddField(
            "todo",
            "due",
            models.CharField(max_length=17, blank=True, default="", db_default=""),
        ),
        migrations.AddField("todo", "due_stamp", todos.models.StampField(db_default="")),
    ]
