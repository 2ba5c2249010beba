"""What the Trash holds is marked, so that nobody walks the tombstones; history goes by its age."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest


def mark(apps, schema_editor):
    """Note of each deleted todo that has something left when anything was last heard of it."""
    history = apps.get_model("todos", "Revision").objects.filter(todo=OuterRef("pk"))
    heard = Subquery(history.order_by("-created_at").values("created_at")[:1])
    empty = Q(text="", completed=False, position="")
    deleted = apps.get_model("todos", "Todo").objects.filter(deleted=True)
    deleted.filter(~empty | Exists(history)).update(
        trashed_at=Greatest("updated_at", Coalesce(heard, "updated_at"))
    )


class Migration(migrations.Migration):
    dependencies = [("todos", "0004_the_heads_token_beside_its_number")]

    operations = [
        migrations.AddField(
            model_name="syncstate",
            name="history_begins",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="todo",
            name="trashed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="todo", name="deleted_by_change"),
        migrations.AddIndex(
            model_name="todo",
            index=models.Index(
                condition=Q(("trashed_at__isnull", False)),
                fields=["user", "trashed_at", "change"],
                name="trashed_by_time",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["user", "created_at"], name="revision_by_age"),
        ),
    ]
