"""Opens pages without a host, and finds every reason why the host would not show them.

contents = await shown_on(ORDERS, kept=(Kept(reference="7K3M-9QXT-4", remembered={"number": "BT-104"}),))
contents = await shown_on(ORDERS, {"situation": "open"})
"""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from parvis_sdk.connectors import Connection
from parvis_sdk.contents import MOST_ON_A_PAGE, Content, bounded, content_mistakes, turned_to
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.pages import SECONDS, Kept, Page, PageView, PageViewers, page_mistakes
from parvis_sdk.problems import Problems
from parvis_sdk.testing.shown import BOTH, QUICK, WORDS, Showing, nobody
from parvis_sdk.testing.texts import missing_words
from parvis_sdk.testing.town import MORNING
from parvis_sdk.text import Text

OF_LOOK = Text(fr="visite", en="look")
TOWN = "parvis"


async def shown_on(
    page: Page,
    typed: Mapping[str, str] | None = None,
    *,
    kept: tuple[Kept, ...] = (),
    remembered: Mapping[str, Any] | None = None,
    shown_to: PageViewers | None = None,
    leaves: Mapping[int, int] | None = None,
) -> tuple[Content, ...]:
    """The contents of a page as the host draws them; `AssertionError` if the host would not.

    `typed` is what stands in its filters, `kept` what is remembered of requests, `remembered` of none; `leaves` are
    those to which tables are turned, by their place among the contents. Other systems are not there.
    """
    view = view_of(page, typed or {}, kept=kept, shown_to=shown_to)
    async with httpx.AsyncClient(transport=httpx.MockTransport(nobody)) as http:
        answer = await page.show(view, Connection(http=http, now=MORNING, remembered=remembered or {}))
    turned = turned_to(answer, leaves or {})
    found = [str(each.within(f"page {page.code!r}")) for each in content_mistakes(answer, MOST_ON_A_PAGE, turned)]
    if found:
        raise AssertionError("\n".join(found))
    return bounded(answer, turned)


def view_of(
    page: Page, typed: Mapping[str, str], *, kept: tuple[Kept, ...] = (), shown_to: PageViewers | None = None
) -> PageView:
    """One view of a page; `AssertionError` names invalid filters."""
    read = page.form.read(dict(typed), today=MORNING.date())
    if isinstance(read, Problems):
        raise AssertionError("\n".join(each.message.en for each in read.found))
    where = shown_to or page.shown_to[0]
    given = kept if where == "desk" else ()
    return PageView(shown_to=where, town=TOWN, today=MORNING.date(), filters=read.answers, kept=given)


def page_shown_mistakes(
    page: Page, kept: tuple[Kept, ...] = (), languages: tuple[str, ...] = ("fr", "en")
) -> list[DeclarationMistake]:
    """Every mistake of a page: of its declaration, and of what it shows wherever it is shown, with nothing remembered
    and with `kept`, asked twice."""
    showing = Showing(
        noun=f"page {page.code!r}",
        function=page.show,
        seconds=SECONDS,
        about=OF_LOOK,
        looked_over=lambda answer: content_mistakes(answer, MOST_ON_A_PAGE),
    )
    found = [showing.declared(each) for each in page_mistakes(page)]
    words = (*missing_words(page.title, languages), *(missing_words(page.summary, languages) if page.summary else ()))
    found += [showing.mistake(WORDS.format(mistake=each), BOTH) for each in words]
    if found:
        return found
    by_what: dict[str, DeclarationMistake] = {}
    with showing.watched() as thread:
        for view in _views(page, kept):
            for mistake in showing.mistakes(view, thread, languages):
                by_what.setdefault(str(mistake), mistake)
                if mistake.now_what is QUICK:
                    return list(by_what.values())
    return list(by_what.values())


def _views(page: Page, kept: tuple[Kept, ...]) -> Iterator[PageView]:
    for where in page.shown_to:
        yield view_of(page, {}, shown_to=where)
        if kept and where == "desk":
            yield view_of(page, {}, kept=kept, shown_to=where)
