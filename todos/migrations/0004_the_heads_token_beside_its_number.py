"""The newest head's token stands beside its number, so that who asks for it reads one row."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

import todos.models


def copy_tokens(apps, schema_editor):
    """Take over each list's token from its log of heads."""
    states = apps.get_model("todos", "SyncState").objects
    heads = apps.get_model("todos", "Head").objects
    newest = heads.filter(user=OuterRef("user"), number=OuterRef("head"))
    states.update(token=Subquery(newest.values("token")))


class Migration(migrations.Migration):
    dependencies = [("todos", "0003_trash_index")]

    operations = [
        migrations.AddField(
            model_name="syncstate",
            name="token",
            field=models.CharField(default=todos.models.new_token, max_length=16),
        ),
        migrations.AlterField(
            model_name="head",
            name="token",
            field=models.CharField(max_length=16),
        ),
        migrations.RunPython(copy_tokens, migrations.RunPython.noop),
    ]
