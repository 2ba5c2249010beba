"""The application for an ASGI server: Django on a fixed pool of threads, events in asyncio, where
a waiting device costs neither a thread nor a connection (todos/events.py).
"""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simplesync.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402  it is Django that has been set up only now
from django.urls import reverse  # noqa: E402

from simplesync.ending import told_of_the_end  # noqa: E402
from simplesync.large_requests import one_at_a_time  # noqa: E402
from simplesync.on_threads import on_threads  # noqa: E402
from simplesync.remembered import remembered  # noqa: E402
from simplesync.spooled import Spooled  # noqa: E402
from simplesync.whole_requests import whole_requests  # noqa: E402
from todos.activity import unstored  # noqa: E402
from todos.events import held_open  # noqa: E402
from todos.export_format import MOST_BYTES  # noqa: E402
from todos.hub import hub  # noqa: E402

pages = held_open(on_threads(django, settings.WEB_THREADS))
application = told_of_the_end(
    remembered(
        Spooled(
            pages,
            others=whole_requests(one_at_a_time(pages), most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
            paths={reverse(name) for name in ("export", "export_calendar", "import")},
            most=MOST_BYTES,
        ),
        below=settings.STATIC_URL,
    ),
    end=hub.close,
    last=unstored.store_and_leave,
)

sys.setswitchinterval(0.001)  # s: who has little to do waits less for a thread that has much
gc.collect()
gc.freeze()  # what has been loaded stays: nobody need look through it for garbage again
