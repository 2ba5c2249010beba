from django.db import migrations, models

import todos.models


class Migration(migrations.Migration):
    dependencies = [("todos", "0004_the_heads_token_beside_its_number")]

    operations = [
        migrations.AddField("revision", "conflict", models.BooleanField(default=False)),
        migrations.AddField("todo", "conflict", models.BooleanField(default=False)),
        migrations.AddField("todo", "conflict_stamp", todos.models.StampField()),
        migrations.RemoveIndex("revision", "revision_of_user"),
        migrations.AddIndex(
            "revision", models.Index(fields=["user", "todo", "stamp"], name="revision_by_stamp")
        ),
    ]
