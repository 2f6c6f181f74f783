"""Counts figures without a host, and finds every reason why the host would not show them.

KNOWN = Kept(reference="7K3M-9QXT-4", remembered={"number": "BT-104"})
assert await counted_by(OPEN_ORDERS, requests=(KNOWN,)) == 1
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import httpx

from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Table
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.figures import (
    SECONDS,
    CountedRequest,
    Figure,
    FigureView,
    Number,
    bounded_count,
    count_mistakes,
    figure_mistakes,
)
from parvis_sdk.pages import Kept
from parvis_sdk.requests import Phase
from parvis_sdk.testing.shown import BOTH, QUICK, WORDS, Showing, nobody
from parvis_sdk.testing.texts import missing_words
from parvis_sdk.testing.town import MORNING
from parvis_sdk.text import Text

OF_LOOK = Text(fr="période", en="period")
TOWN = "parvis"
DAYS = 90


async def counted_by(
    figure: Figure, *, requests: tuple[Kept, ...] = (), remembered: Mapping[str, Any] | None = None
) -> Number | Table | None:
    """The value of a figure as the host shows it; `AssertionError` if the host would not.

    A `Kept` is of a request that was received on the last day; give a `CountedRequest` to say otherwise. `remembered`
    is what is kept of no request. Other systems are not there.
    """
    async with httpx.AsyncClient(transport=httpx.MockTransport(nobody)) as http:
        lent = Connection(http=http, now=MORNING, remembered=remembered or {})
        answer = await figure.count(view_of(requests), lent)
    found = [str(each.within(f"figure {figure.code!r}")) for each in count_mistakes(answer)]
    if found:
        raise AssertionError("\n".join(found))
    return bounded_count(answer)


def view_of(requests: tuple[Kept, ...] = ()) -> FigureView:
    """A view of the ninety days before the morning of the tests."""
    today = MORNING.date()
    since = today - timedelta(days=DAYS - 1)
    given = tuple(_counted(each) for each in requests)
    received = frozenset(each.reference for each in given if since <= each.submitted_at.date() <= today)
    return FigureView(town=TOWN, since=since, until=today, today=today, requests=given, received=received)


def figure_counted_mistakes(
    figure: Figure, requests: tuple[Kept, ...] = (), languages: tuple[str, ...] = ("fr", "en")
) -> list[DeclarationMistake]:
    """Every mistake of a figure: of its declaration, and of what it counts where nothing is remembered and of
    `requests`, asked twice."""
    showing = Showing(
        noun=f"figure {figure.code!r}",
        function=figure.count,
        seconds=SECONDS,
        about=OF_LOOK,
        looked_over=count_mistakes,
    )
    found = [showing.declared(each) for each in figure_mistakes(figure)]
    if not found:
        found = [showing.mistake(WORDS.format(mistake=each), BOTH) for each in missing_words(figure, languages)]
    if found:
        return found
    by_what: dict[str, DeclarationMistake] = {}
    with showing.watched() as thread:
        for view in _views(requests):
            for mistake in showing.mistakes(view, thread, languages):
                by_what.setdefault(str(mistake), mistake)
                if mistake.now_what is QUICK:
                    return list(by_what.values())
    return list(by_what.values())


def _views(requests: tuple[Kept, ...]) -> Iterator[FigureView]:
    yield view_of()
    if requests:
        yield view_of(requests)


def _counted(each: Kept) -> CountedRequest:
    if isinstance(each, CountedRequest):
        return each
    return CountedRequest(
        reference=each.reference,
        remembered=each.remembered,
        type="sample",
        phase=Phase.IN_PROGRESS,
        submitted_at=MORNING,
    )
