"""A browser without JavaScript for tests: it reads pages, and submits the forms on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.test import Client

VOID = {"br", "hr", "img", "input", "link", "meta"}


class Element:
    """An element of a page, with its attributes, and with what stands in it."""

    def __init__(self, tag: str, attrs: dict[str, str], parent: Element | None = None) -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.children: list[Element | str] = []

    def all(self, tag: str | None = None, **attrs: str) -> list[Element]:
        """Return what is inside, in its order: `class_` is one class, `data_id` is data-id."""
        return [element for element in self.inside() if element.fits(tag, attrs)]

    def one(self, tag: str | None = None, **attrs: str) -> Element:
        """Return the only one of its kind."""
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} times {tag} {attrs}"
        return found[0]

    def inside(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.inside()

    def fits(self, tag: str | None, attrs: dict[str, str]) -> bool:
        own = {name.replace("-", "_"): value for name, value in self.attrs.items()}
        classes = own.pop("class", "").split()
        wanted = dict(attrs)
        return (
            tag in (None, self.tag)
            and wanted.pop("class_", classes[0] if classes else None) in [*classes, None]
            and wanted.items() <= own.items()
        )

    @property
    def raw(self) -> str:
        """All characters inside, as they stand there."""
        return "".join(c.raw if isinstance(c, Element) else c for c in self.children)

    @property
    def text(self) -> str:
        """All characters inside, without the space around them."""
        return " ".join(self.raw.split())


class Page(HTMLParser, Element):
    """A page that was answered."""

    def __init__(self, response, address: str) -> None:
        HTMLParser.__init__(self)
        Element.__init__(self, "", {})
        self.response, self.address = response, address
        self.open: Element = self
        self.feed(response.content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        element: Element | None = self.open
        while element is not None and element.tag != tag:
            element = element.parent
        if element is not None and element.parent is not None:
            self.open = element.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


class Browser:
    """Django's client, that sees pages, clicks their forms, and checks CSRF as the server does."""

    def __init__(self, user=None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        if user is not None:
            self.client.force_login(user)

    def get(self, address: str = "/", status: int = 200) -> Page:
        """Load a page."""
        response = self.client.get(address)
        assert response.status_code == status, response
        return Page(response, address)

    def submit(self, page: Page, form: Element, **typed: object) -> Page:
        """Send a form as it stands, but for what was typed or ticked; None leaves a field out."""
        fields = form_fields(form) | {
            name: value if isinstance(value, list) else [value] for name, value in typed.items()
        }
        data = {name: values for name, values in fields.items() if values != [None]}
        address = urljoin(page.address, form.attrs.get("action") or page.address)
        return Page(self.client.post(address, data), address)


def form_fields(form: Element) -> dict[str, list[object]]:
    """Return what a browser would send of a form: line ends as browsers send them, too."""
    fields: dict[str, list[object]] = {}
    for element in form.all():
        name, kind = element.attrs.get("name"), element.attrs.get("type", "text")
        if not name or element.tag not in ("input", "textarea", "select"):
            continue
        if kind in ("checkbox", "radio") and "checked" not in element.attrs:
            continue
        if kind in ("submit", "button"):
            continue
        fields.setdefault(name, []).extend(values_of(element, kind))
    return fields


def values_of(element: Element, kind: str) -> list[str]:
    if element.tag == "select":
        options = element.all("option")
        chosen = [option for option in options if "selected" in option.attrs]
        if not chosen and "multiple" not in element.attrs:
            chosen = options[:1]
        return [option.attrs["value"] for option in chosen]
    if kind in ("checkbox", "radio"):
        return [element.attrs.get("value", "on")]
    if element.tag == "textarea":
        return [re.sub(r"\r\n|\r|\n", "\r\n", element.raw.removeprefix("\r\n").removeprefix("\n"))]
    value = element.attrs.get("value", "")
    if kind == "hidden":
        return [re.sub(r"\r\n|\r|\n", "\r\n", value)]
    return [re.sub(r"[\r\n]", "", value)]  # a field of one line drops them
