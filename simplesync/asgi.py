"""The application for an ASGI server: Django on a fixed pool of threads, events in asyncio.

Django is called as a WSGI application: its own way through ASGI costs several times as much for
each request, opens a database connection for each, and holds a thread and a connection for as long
as a response lasts. So a waiting device costs neither (todos/events.py).
"""

import gc
import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simplesync.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402  it is Django that has been set up only now

from simplesync.ending import told_of_the_end  # noqa: E402
from simplesync.large_requests import one_at_a_time  # noqa: E402
from simplesync.whole_requests import whole_requests  # noqa: E402
from todos.activity import unstored  # noqa: E402
from todos.events import held_open  # noqa: E402
from todos.hub import hub  # noqa: E402

application = told_of_the_end(
    whole_requests(
        one_at_a_time(held_open(WSGIMiddleware(django, workers=settings.WEB_THREADS))),
        most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    ),
    end=hub.close,
    last=unstored.store_and_leave,
)

gc.collect()
gc.freeze()  # what has been loaded stays: nobody need look through it for garbage again
