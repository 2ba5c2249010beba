"""The pages of a list, and where their forms go."""

from django.urls import path

from todos import history_views, move_views, trash_views, views

app_name = "todos"
urlpatterns = [
    path("", views.show, name="list"),
    path("active", views.show, {"which": "active"}, name="active"),
    path("completed", views.show, {"which": "completed"}, name="completed"),
    path("trash/", trash_views.show, name="trash"),
    path("trash/restore/", trash_views.restore_all, name="restore_all"),
    path("trash/empty/", trash_views.empty, name="empty_trash"),
    path("todos/add/", views.add, name="add"),
    path("todos/toggle-all/", views.toggle_all, name="toggle_all"),
    path("todos/clear-completed/", views.clear_completed, name="clear_completed"),
    path("todos/<uuid:uid>/toggle/", views.toggle, name="toggle"),
    path("todos/<uuid:uid>/edit/", views.rename, name="rename"),
    path("todos/<uuid:uid>/move/", move_views.move, name="move"),
    path("todos/<uuid:uid>/delete/", views.delete, name="delete"),
    path("todos/<uuid:uid>/restore/", trash_views.restore, name="restore"),
    path("todos/<uuid:uid>/history/", history_views.show, name="history"),
    path("todos/<uuid:uid>/history.json", history_views.show_values, name="history_values"),
    path("todos/<uuid:uid>/history/restore/", history_views.restore, name="restore_text"),
    path("todos/<uuid:uid>/history/look/", history_views.look, name="look"),
]
