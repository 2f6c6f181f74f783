"""Finds the town and the language of each request, and speaks that language until it is answered."""

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from parvis.web.pages import Pages, language_of
from parvis.web.town import find_town


class TownMiddleware:
    """A middleware for `Litestar(middleware=[TownMiddleware(pages)])`."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def placed(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP:
                await app(scope, receive, send)
                return
            town = find_town(self.pages.jurisdictions, scope)
            scope["state"]["town"] = town
            with self.pages.catalogues.speaking(language_of(Request(scope), town), town.time_zone):
                await app(scope, receive, send)

        return placed
