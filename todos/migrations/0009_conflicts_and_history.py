from django.db import migrations, models

import todos.models


class Migration(migrations.Migration):
    dependencies = [("todos", "0005_the_trash_and_how_long_history_is_kept")]

    operations = [
        migrations.AddField("revision", "conflict", models.BooleanField(default=False)),
        migrations.AddField("todo", "conflict", models.BooleanField(default=False)),
        migrations.AddField("todo", "conflict_stamp", todos.models.StampField()),
        migrations.RemoveIndex("revision", "revision_of_user"),
        migrations.AddIndex(
            "revision", models.Index(fields=["user", "todo", "stamp"], name="revision_by_stamp")
        ),
    ]
