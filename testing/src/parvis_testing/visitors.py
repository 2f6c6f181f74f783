"""A browser without scripts that opens pages and fills in forms like a person."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx

HOST = "http://127.0.0.1"


class Forms(HTMLParser):
    """The forms of a page with everything that a browser sends, and the visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.words: list[str] = []
        self._area = ""
        self._select: tuple[str, list[str]] | None = None
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in ("script", "style", "svg"):
            self._silent += 1
        if tag == "form":
            self.forms.append({"method": given.get("method", "get"), "action": given.get("action", ""), "fields": []})
        elif self.forms and given.get("name"):
            self.take(tag, given, "checked" in dict(attributes))
        if tag == "option" and self._select and "selected" in dict(attributes):
            self.forms[-1]["fields"].append((self._select[0], given.get("value", "")))

    def take(self, tag: str, given: dict[str, str], is_checked: bool) -> None:
        if tag == "textarea":
            self._area = given["name"]
            self.forms[-1]["fields"].append((self._area, ""))
        elif tag == "select":
            self._select = (given["name"], [])
        elif tag == "input" and is_sent(given.get("type", "text"), is_checked):
            self.forms[-1]["fields"].append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "svg"):
            self._silent -= 1
        if tag == "textarea":
            self._area = ""
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            name, before = self.forms[-1]["fields"][-1]
            self.forms[-1]["fields"][-1] = (name, (before + data).removeprefix("\n"))
        elif not self._silent and data.strip():
            self.words.append(data.strip())


def is_sent(kind: str, is_checked: bool) -> bool:
    return is_checked if kind in ("radio", "checkbox") else kind not in ("file", "submit")


class Browser:
    """One visitor with cookies, without scripts: opens pages, fills in the last form of a page, follows redirects."""

    def __init__(self, http: httpx.AsyncClient, host: str = HOST) -> None:
        self.http = http
        self.host = host
        self.page: httpx.Response = httpx.Response(0)

    @property
    def path(self) -> str:
        return self.page.url.path

    @property
    def text(self) -> str:
        return " ".join(Forms(self.page.text).words).replace("\u00a0", " ")

    @property
    def status(self) -> int:
        return self.page.status_code

    async def open(self, path: str, **headers: str) -> "Browser":
        self.page = await self.http.get(
            urljoin(self.host, path), follow_redirects=True, headers={"accept": "text/html", **headers}
        )
        return self

    def form(self, number: int = -1) -> dict[str, Any]:
        posts = [form for form in Forms(self.page.text).forms if form["method"] == "post"]
        assert posts, f"no form to send on {self.page.url}: {self.text[:300]}"
        return posts[number]

    async def send(
        self,
        values: dict[str, Any] | None = None,
        *,
        files: list[tuple[str, tuple[str, bytes, str]]] | None = None,
        form: int = -1,
        follow: bool = True,
        headers: dict[str, str] | None = None,
    ) -> "Browser":
        """Sends the form with its values, replaced by `values` (None removes a name)."""
        filled = self.form(form)
        values = values or {}
        pairs = [(name, value) for name, value in filled["fields"] if name not in values]
        for name, value in values.items():
            several = value if isinstance(value, list) else [] if value is None else [value]
            pairs += [(name, one) for one in several]
        parts: list[Any] = [(name, (None, value.encode())) for name, value in pairs]
        parts += files or []
        self.page = await self.http.post(
            urljoin(str(self.page.url), filled["action"])
            if filled["action"]
            else str(self.page.url.copy_with(fragment=None)),
            files=parts,
            follow_redirects=follow,
            headers={"accept": "text/html", **(headers or {})},
        )
        return self
