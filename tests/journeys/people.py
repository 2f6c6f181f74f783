"""Who sits before a browser in the journeys: residents and agents, each watched for whatever goes wrong on the way."""

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from parvis_testing.machine import PATIENCE

from .walking import CLOSELY

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

PHONE, DESK = 360, 1280
HEIGHT = 800
EXPECTED = (
    "the server responded with a status of",  # Chromium's own line for every 4xx; statuses are watched apart
    "Service Worker registration blocked by Playwright",  # of those who asked for it
)


class Agent(Struct, frozen=True, kw_only=True):
    """An account of the town."""

    email: str
    name: str
    password: str = "un mot de passe des parcours"
    town: str = "parvis"
    unit: str = ""
    role: str = "agent"
    language: str = "fr"
    codes: bool = False  # whether they come in with one-time codes too


AGENTS = {
    "roads-fr": Agent(email="v.fr@parvis.example", name="Réjean Labonté", unit="roads"),
    "roads-en": Agent(email="v.en@parvis.example", name="Rebecca Loane", unit="roads", language="en"),
    "noise-fr": Agent(email="b.fr@parvis.example", name="Noémie Silva", unit="noise"),
    "noise-en": Agent(email="b.en@parvis.example", name="Norman Sills", unit="noise", language="en"),
    "clerk-fr": Agent(email="c.fr@parvis.example", name="Camille Comptois", role="agent"),
    "clerk-en": Agent(email="c.en@parvis.example", name="Carl Counter", role="agent", language="en"),
    "codes-fr": Agent(email="d.fr@parvis.example", name="Denis Fortin", unit="roads", codes=True),
    "codes-en": Agent(email="d.en@parvis.example", name="Denise Ford", unit="roads", codes=True, language="en"),
    "strict-fr": Agent(email="r.fr@rivemont.example", name="Rosa Filion", town="rivemont"),
    "strict-en": Agent(email="r.en@rivemont.example", name="Ross Finch", town="rivemont", language="en"),
    "manager-fr": Agent(email="g.fr@parvis.example", name="Gisèle Ferland", role="manager"),
    "manager-en": Agent(email="g.en@parvis.example", name="George Fern", role="manager", language="en"),
    "privacy-fr": Agent(email="p.fr@parvis.example", name="Prisca Fabre", role="privacy"),
    "privacy-en": Agent(email="p.en@parvis.example", name="Peter Farrow", role="privacy", language="en"),
    "operator-fr": Agent(email="e.fr@parvis.example", name="Edmond Fortier", role="operator"),
    "operator-en": Agent(email="e.en@parvis.example", name="Edna Fisher", role="operator", language="en"),
}


class People:
    """The people of one test, each in a browser of their own."""

    def __init__(self, browser: "Browser", address: str) -> None:
        self.browser = browser
        self.address = address
        self.ours = (address, address.replace("127.0.0.1", "localhost"), "data:", "blob:", "about:")
        self.contexts: list[BrowserContext] = []
        self.wrong: list[str] = []

    async def come(
        self, language: str = "fr", *, width: int = PHONE, scripts: bool = True, closely: bool = False, **more: Any
    ) -> "Page":
        """Somebody opens a browser; its page may go to any path of the town. Who looks closely finds each page fit."""
        context = await self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": HEIGHT},
            locale=f"{language}-CA",
            java_script_enabled=scripts,
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        context.on("request", self.fetched)
        context.on("response", self.answered)
        context.on("console", self.printed)
        context.on("weberror", lambda trouble: self.wrong.append(f"script: {trouble.error}"))
        page = await context.new_page()
        if closely:
            CLOSELY.add(page)
        return page

    def fetched(self, request: "Request") -> None:
        if not request.url.startswith(self.ours):
            self.wrong.append(f"fetched from elsewhere: {request.url}")

    def answered(self, response: "Response") -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status}: {response.url}")

    def printed(self, line: "ConsoleMessage") -> None:
        if line.type in ("error", "warning") and not any(words in line.text for words in EXPECTED):
            self.wrong.append(f"console: {line.text}")

    def told(self) -> list[str]:
        """What went wrong since somebody asked."""
        wrong, self.wrong = self.wrong, []
        return wrong

    async def leave(self) -> None:
        for context in self.contexts:
            await context.close()
        assert self.wrong == [], "\n".join(map(str, self.wrong))
