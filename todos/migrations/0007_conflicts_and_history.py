from django.db import migrations, models

import todos.models


class Migration(migrations.Migration):
    dependencies = [("todos", "0006_what_an_operator_sees")]

    operations = [
        migrations.AddField("todo", "conflict", models.BooleanField(default=False)),
        migrations.AddField("todo", "conflict_stamp", todos.models.StampField()),
        migrations.RemoveIndex("revision", "revision_of_user"),
        migrations.AddIndex(
            "revision", models.Index(fields=["user", "todo", "stamp"], name="revision_by_stamp")
        ),
    ]
