"""Shows panels without a host, and finds every reason why the host would leave them out.

contents = await shown_by(ORDER, request)
contents = await shown_at(desk, case, ORDER)
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx
from msgspec import structs

from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Content, bounded, content_mistakes
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.finding import Finder, FindsNothing
from parvis_sdk.panels import MOST_SEARCHES, SECONDS, Panel, panel_mistakes
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Need
from parvis_sdk.testing.cases import Case, view
from parvis_sdk.testing.desk import Desk
from parvis_sdk.testing.happenings import happenings
from parvis_sdk.testing.other_requests import CaseFinder, sample_cases
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.testing.shown import BOTH, QUICK, WORDS, Showing, nobody
from parvis_sdk.testing.texts import missing_words
from parvis_sdk.testing.town import MORNING


async def shown_by(
    panel: Panel,
    request: ServiceRequest,
    remembered: Mapping[str, Any] | None = None,
    *,
    finder: Finder | None = None,
) -> tuple[Content, ...]:
    """The contents of a panel as the host draws them; `AssertionError` if the host would not.

    `remembered` is what the plugin keeps for itself; other systems are not there, other requests with a `finder` alone.
    """
    async with httpx.AsyncClient(transport=httpx.MockTransport(nobody)) as http:
        finds = finder or FindsNothing(panel.finds, MOST_SEARCHES)
        lent = Connection(http=http, now=MORNING, remembered=remembered or {}, finder=finds)
        answer = await panel.show(request, lent)
    found = [str(each.within(f"panel {panel.code!r}")) for each in content_mistakes(answer)]
    if found:
        raise AssertionError("\n".join(found))
    return bounded(answer)


async def shown_at(desk: Desk, case: Case, panel: Panel) -> tuple[Content, ...]:
    """The same for a case at the pretend desk, with what the plugin or its connector remembers of it.

    It finds the other cases there, where its code is not among `desk.not_granted`.
    """
    keeper, granted = panel.connector or desk.name, panel.code not in desk.not_granted
    request = view(case, desk.town, panel.needs, keeper)
    finder = CaseFinder(desk.cases, panel.finds, besides=case.reference, granted=granted, most=MOST_SEARCHES)
    return await shown_by(panel, without_links(request), desk.kept.get(keeper), finder=finder)


def without_links(request: ServiceRequest) -> ServiceRequest:
    """A request as panels receive it, without private links."""
    return structs.replace(request, tracking_url="", view_url="", stop_url="", parties=(), followers=())


def shown_mistakes(
    panel: Panel, request_types: Iterable[RequestType], languages: tuple[str, ...] = ("fr", "en")
) -> list[DeclarationMistake]:
    """Every mistake of a panel: in its declaration, and in what it shows of requests in each state, twice."""
    request_types = tuple(request_types)

    def finder() -> Finder:
        return CaseFinder(sample_cases(panel.finds, request_types), panel.finds, most=MOST_SEARCHES)

    showing = Showing(noun=f"panel {panel.code!r}", function=panel.show, seconds=SECONDS, finder=finder)
    found = [showing.declared(each) for each in panel_mistakes(panel)]
    found += [showing.mistake(WORDS.format(mistake=each), BOTH) for each in missing_words(panel.title, languages)]
    if found:
        return found
    by_what: dict[str, DeclarationMistake] = {}
    with showing.watched() as thread:
        for request in _requests(panel, request_types):
            for mistake in showing.mistakes(request, thread, languages):
                by_what.setdefault(str(mistake), mistake)
                if mistake.now_what is QUICK:
                    return list(by_what.values())  # each request would stop it again
    return list(by_what.values())


def _requests(panel: Panel, request_types: Iterable[RequestType]) -> Iterator[ServiceRequest]:
    ours = [each for each in request_types if not panel.types or each.code in panel.types]
    needs: tuple[Need, ...] = panel.needs
    for request_type in ours or [structs.replace(SAMPLE, code=code) for code in panel.types or (SAMPLE.code,)]:
        seen: set[str] = set()
        for each in happenings(request_type, needs, seed=0):
            if each.request.state not in seen:
                seen.add(each.request.state)
                yield without_links(each.request)
