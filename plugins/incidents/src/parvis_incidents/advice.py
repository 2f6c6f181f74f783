"""What incidents and the desk say before a request is filed: follow instead, fewer questions, notices that stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import structs

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.requests.advice import Advice, AdviceInquiry, AdviceSource, Notice, NoticeSource, joined
from parvis.requests.host import Host
from parvis_incidents.bulletin import SEEN_TO, Bulletin, PostedIncident
from parvis_incidents.facts import facts_of
from parvis_incidents.matching import INCIDENT, belongs
from parvis_incidents.titles import NO, OTHER, SAME, YES
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold

SEE = Text(fr="Voir l’incident", en="See the incident")


def code_of(reference: str) -> str:
    """By what the answers to the question of one incident are counted."""
    return f"{INCIDENT}-{reference.lower()}"


async def followed_instead(host: Host, asked: AdviceInquiry) -> Sequence[Advice]:
    """The newest incident that this would belong to and that is rather followed than reported again; no statement."""
    return tuple(
        Advice(
            kind="operation",
            code=code_of(posted.reference),
            title=posted.title,
            text=joined(posted.word.words if posted.word else SEEN_TO, SAME.get(posted.what, SAME[OTHER]), by="\n\n"),
            insist=NO,
            follow=posted.reference,
            follow_words=YES,
            see_words=SEE,
        )
        for posted in host.of(Bulletin).incidents(asked.town.code)
        if posted.instead
        and _would_belong(asked.town, posted, asked.request_type, asked.place, asked.answers, asked.at)
    )[:1]


def asks_little(host: Host, town: Jurisdiction, request_type: RequestType, place: Place | None) -> bool:
    """Whether an incident is under way at a place for which only the necessary questions are asked."""
    now = clock.now()
    return any(
        posted.short and _would_belong(town, posted, request_type, place, None, now)
        for posted in host.of(Bulletin).incidents(town.code)
    )


def _would_belong(
    town: Jurisdiction,
    posted: PostedIncident,
    request_type: RequestType,
    place: Place | None,
    answers: Mapping[str, Any] | None,
    now: datetime,
) -> bool:
    """Whether a request filed now would belong to an incident; without answers whatever its words would be."""
    rule = posted.rule if answers is not None else structs.replace(posted.rule, words=())
    text = fold(" ".join(value for value in (answers or {}).values() if isinstance(value, str)))
    lon, lat = (place.lon, place.lat) if place else (None, None)
    return belongs(rule, facts_of(town, request_type.code, now, lon, lat, text))


def _posted(host: Host, town: Jurisdiction) -> Sequence[Notice]:
    """Where nobody can follow an incident, its notice leads to its page alone."""
    posted = host.of(Bulletin).notices(town.code)
    if host.modules.of(town).has("following"):
        return posted
    return tuple(structs.replace(each, follow_words=SEE) if each.follow else each for each in posted)


def _lifted(host: Host, town: Jurisdiction) -> frozenset[str]:
    return host.of(Bulletin).lifted(town.code)


ADVICE = AdviceSource(advise=followed_instead, asks_little=asks_little)
NOTICES = NoticeSource(posted=_posted, lifted=_lifted)
