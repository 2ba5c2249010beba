"""The admin of the todos, and of what the sync keeps beside them."""

from todos.admin import activity, conflicts, internals, rejections, todos  # noqa: F401
