"""The tour of every page and of its important states: walks that stop wherever there is something to look at."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from parvis.web.addresses import Step, address

from .known import Known
from .people import AGENTS
from .portal import pin
from .walking import press, sign_in

if TYPE_CHECKING:
    from playwright.async_api import Page

PARK = {"fr": ("arbres-et-parcs", "equipement-de-parc"), "en": ("trees-and-parks", "park-equipment")}
LIGHT = {"fr": ("eclairage", "lampadaire"), "en": ("lighting", "street-light")}
POTHOLE = {"fr": ("rues-et-trottoirs", "nid-de-poule"), "en": ("streets-and-sidewalks", "pothole")}
Stops = AsyncIterator[str]


class Walk(Struct, frozen=True, kw_only=True):
    """Somebody on the way: their page, their language, the requests they may know of."""

    page: "Page"
    language: str
    known: dict[str, Known]
    sessions: dict[str, list[Any]] = {}
    address: str = ""

    async def go(self, *parts: Step, **query: str) -> None:
        await self.page.goto(address(self.language, *parts, **query))

    async def on(self, button: str = "main form .buttons button:not([formnovalidate])") -> None:
        """The button that goes on, of the form in the middle of the page."""
        await press(self.page, self.page.locator(button).last)

    async def fill(self, **boxes: str) -> None:
        for id, words in boxes.items():
            await self.page.locator(f"#{id.replace('_', '-')}").fill(words)

    async def check(self, **choices: str) -> None:
        for name, value in choices.items():
            await self.page.locator(f"input[name={name}][value={value}]").check()

    async def pin(self, lon: float, lat: float) -> None:
        await pin(self.page, lon, lat)

    async def open(self, name: str, *more: Step) -> None:
        """The private page of a request, by its link."""
        known = self.known[name]
        await self.go(":track", known.reference, cle=known.key)
        if more:
            await self.go(":track", known.reference, *more)

    async def at_desk(self, who: str, path: str) -> None:
        """As an agent, who came in by the door once and has been there ever since."""
        agent = f"{who}-{self.language}"
        if agent not in self.sessions:
            await self.page.context.clear_cookies()
            await sign_in(self.page, AGENTS[agent])
            self.sessions[agent] = await self.page.context.cookies()
        await self.page.context.add_cookies(self.sessions[agent])
        await self.page.goto(path)

    async def case(self, who: str, name: str, *more: str) -> None:
        await self.at_desk(who, "/".join(("/bureau/requete", self.known[name].reference, *more)))

    async def unfold(self, action: str) -> None:
        """The part of the page around a form."""
        form = self.page.locator(f"form[action$='{action}']")
        for fold in await self.page.locator("details", has=form).all():
            if not await fold.evaluate("each => each.open"):
                await fold.locator("summary").first.click()

    async def unfold_all(self) -> None:
        await self.page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")


Way = Callable[[Walk], Stops]
TOUR: dict[str, Way] = {}


def way(walked: Way) -> Way:
    TOUR[walked.__name__] = walked
    return walked
