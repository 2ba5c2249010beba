"""Rejected todos, sync activity by the hour, and which values lost in a conflict."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("todos", "0005_the_trash_and_how_long_history_is_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("hour", models.DateTimeField(primary_key=True, serialize=False)),
                ("syncs", models.PositiveBigIntegerField(default=0)),
                ("pushed", models.PositiveBigIntegerField(default=0)),
                ("pulled", models.PositiveBigIntegerField(default=0)),
                ("rejected", models.PositiveBigIntegerField(default=0)),
                ("conflicts", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "sync activity",
                "verbose_name_plural": "sync activity",
            },
        ),
        migrations.CreateModel(
            name="Rejection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=32)),
                ("device", models.UUIDField(null=True)),
                ("todo", models.CharField(blank=True, max_length=100)),
                ("code", models.CharField(max_length=30)),
                ("errors", models.TextField()),
                ("payload", models.TextField()),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.AddField(
            model_name="revision",
            name="conflict",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("conflict", True)), fields=["id"], name="conflict_by_id"
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("conflict", True)),
                fields=["user", "id"],
                name="conflict_of_user",
            ),
        ),
        migrations.AddField(
            model_name="rejection",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rejections",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="rejection",
            index=models.Index(fields=["user", "last_seen_at"], name="rejection_by_user"),
        ),
        migrations.AddIndex(
            model_name="rejection",
            index=models.Index(fields=["last_seen_at"], name="rejection_by_time"),
        ),
        migrations.AddConstraint(
            model_name="rejection",
            constraint=models.UniqueConstraint(fields=("user", "digest"), name="rejection_of_user"),
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("todos.revision",),
        ),
    ]
