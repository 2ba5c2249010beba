"""The settings of the tortured server: the tests' own, with small pages and a clock that is told.

Small limits let short lists come in many pages and batches. Set here, before anything has read
them, they are the server's as if they had been written there.
"""

import os

from e2e.settings import *  # noqa: F403
from todos import protocol

INSTALLED_APPS = [*INSTALLED_APPS, "e2e.torture.told_time.ToldTime"]  # noqa: F405

protocol.PAGE = int(os.environ["TORTURE_PAGE"])
protocol.LIMITS["todosPerRequest"] = int(os.environ["TORTURE_BATCH"])
