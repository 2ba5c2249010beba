"""What to call a device, as long as its person has given it no name: "Firefox on Linux".

By the words of the User-Agent that tell browsers and systems apart. Each names others, too, so that
old sites take it for one of those: the first that is found here counts.
"""

from __future__ import annotations

BROWSERS = (
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
)


def name_of(user_agent: str) -> str:
    """Return a name by browser and system; what is neither stays as it is."""
    found = [first(user_agent, table) for table in (BROWSERS, SYSTEMS)]
    return " on ".join(filter(None, found)) if found[0] else user_agent


def first(user_agent: str, table: tuple[tuple[str, str], ...]) -> str | None:
    """Return the name beside the first word of a table that is in a User-Agent."""
    return next((name for word, name in table if word in user_agent), None)
