"""How somebody comes in by a link sent on demand: asked for, sent to an address, behind it a button that works once."""

from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.exceptions import TooManyRequestsException
from msgspec import Struct, structs

from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.outbox import deliveries
from parvis.outbox.addressees import may_write
from parvis.people.one_time_links import LINK_LASTS, is_link, put_link, take_link_back
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.links import town_url
from parvis.requests.persons.link_letters import LinkLetter, by_text, message_of, text_of
from parvis.requests.records import Record
from parvis.web.addresses import Step, address, in_each
from parvis.web.pages import render
from parvis.web.portal.visit import Visit
from parvis_sdk.text import Text

ASKS_OF_CALLER, PRESSES_OF_CALLER, LINKS_TO_ONE = 60, 120, 4  # a whole library is one caller
WINDOW = timedelta(hours=1)
MINUTES = str(int(LINK_LASTS.total_seconds() // 60))
UNLISTED = {"x-robots-tag": "noindex, nofollow"}


class Entrance(Struct, frozen=True, kw_only=True):
    """The way to a page that such a link opens: its `name` where tries are counted, the steps of its address, and what
    shows the button.
    """

    name: str
    kind: str
    steps: tuple[Step, ...]
    template: str

    async def count_ask(self, here: Visit) -> None:
        """Tries are counted by caller, so that nobody can lock the owner of a page out."""
        await self._count(here, "caller", ASKS_OF_CALLER, "Too many links were asked for from here within the hour.")

    async def count_press(self, here: Visit) -> None:
        """The same for links that are tried."""
        await self._count(here, "press", PRESSES_OF_CALLER, "Too many links were tried from here within the hour.")

    async def has_links_left(self, here: Visit, *about: str) -> bool:
        """Whether one more link may go to this page or address within the hour."""
        return await take_try(here.host.engine, key_of(f"{self.name}-to", *about), LINKS_TO_ONE, WINDOW)

    async def send(
        self, here: Visit, letter: LinkLetter, record: Record | None = None, in_brief: Text | None = None
    ) -> None:
        """Make a link and give it to the outbox, as a text message where `in_brief` has its words; nothing when too
        many messages went to that address today."""
        async with transaction(here.host.engine):
            if not await may_write(here.host.secret, letter.to, "link"):
                return
            token = await put_link(self.kind, here.town.code, letter.to, letter.language, record.id if record else None)
            link = town_url(here.host, here.town) + address(letter.language, *self.steps, ":link", token)
            by = by_text(here.contact_methods) if in_brief else None
            message = (
                text_of(here.town, by, letter.to, letter.language, in_brief, link)
                if in_brief and by
                else message_of(here.town, structs.replace(letter, link=link))
            )
            about = (record.id, record.reference) if record else (new_id(), "")
            await deliveries.write_message(message, request=about[0], reference=about[1])

    async def send_nowhere(self, here: Visit) -> None:
        """As much work for nobody: how long it takes does not tell whether what was typed is right."""
        async with transaction(here.host.engine):
            # No address: one that all share would soon be over its measure.
            await may_write(here.host.secret, new_id().hex, "link")
            await take_link_back(await put_link(self.kind, here.town.code, "", "fr", new_id()))

    async def show_link(self, here: Visit, token: str, *, is_used: bool = False) -> Response[Any]:
        """What the link opens: a button. Robots that read mail open links, and nothing is used up by that."""
        is_good = not is_used and await is_link(self.kind, here.town.code, token)
        return render(
            here.request,
            self.template,
            status=200 if is_good else 404,
            is_good=is_good,
            minutes=MINUTES,
            again=address(here.language, *self.steps),
            headers={**UNLISTED, "referrer-policy": "same-origin"},
            alternates=in_each(here.town.languages, *self.steps, ":link", token),
            keep=False,
        )

    async def _count(self, here: Visit, what: str, most: int, words: str) -> None:
        if not await take_try(here.host.engine, key_of(f"{self.name}-{what}", caller_of(here.request)), most, WINDOW):
            raise TooManyRequestsException(words)
