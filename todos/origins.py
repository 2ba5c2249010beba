"""Where a stamp comes from: a device, or one of the ways in which this site itself makes edits.

A device begins its nodes with the first 8 digits of its own id and draws the other 8 at random for
each page load (decision 2), so the history can name it; the site's own nodes are fixed (S6).
"""

from __future__ import annotations

FORM = "0000000000000001"
ADMIN = "0000000000000002"
COMMAND = "0000000000000003"
ARTICLE = "0000000000000004"
PRUNING = "0000000000000005"
CONFLICT = "0000000000000006"

NAMES = {
    FORM: "this site, without JavaScript",
    ADMIN: "the admin",
    COMMAND: "a command on the server",
    ARTICLE: "the article's client",
    PRUNING: "the emptying of what was deleted",
    CONFLICT: "this site, which saw two edits meet",
}
