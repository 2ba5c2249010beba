"""The application for an ASGI server: Django on a fixed pool of threads, events in asyncio.

Django is called as a WSGI application: its own way through ASGI costs several times as much for
each request, opens a database connection for each, and holds a thread and a connection for as long
as a response lasts. So a waiting device costs neither (todos/events.py).
"""

import gc
import os
import sys

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simplesync.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402  it is Django that has been set up only now
from django.urls import reverse  # noqa: E402

from simplesync.ending import told_of_the_end  # noqa: E402
from simplesync.large_requests import one_at_a_time  # noqa: E402
from simplesync.spooled import Spooled  # noqa: E402
from simplesync.whole_requests import whole_requests  # noqa: E402
from todos.activity import unstored  # noqa: E402
from todos.events import held_open  # noqa: E402
from todos.export_format import MOST_BYTES  # noqa: E402
from todos.hub import hub  # noqa: E402

pages = held_open(
    WSGIMiddleware(django, workers=settings.WEB_THREADS)  # type: ignore[arg-type]  # of narrower types
)
application = told_of_the_end(
    Spooled(
        pages,
        others=whole_requests(one_at_a_time(pages), most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
        paths={reverse(name) for name in ("export", "export_calendar", "import")},
        most=MOST_BYTES,
    ),
    end=hub.close,
    last=unstored.store_and_leave,
)

sys.setswitchinterval(0.001)  # s: who has little to do waits less for a thread that has much
gc.collect()
gc.freeze()  # what has been loaded stays: nobody need look through it for garbage again
