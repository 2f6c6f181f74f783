"""What the names in a message stand for, said in the language of the moment."""

from datetime import timedelta

from parvis.i18n import (
    format_date,
    format_datetime,
    say,
)
from parvis.requests.answers_said import said_answer
from parvis_sdk.events import Announced, Event, Happened, Joined, Moved
from parvis_sdk.requests import Phase, ServiceRequest

TO_THE_HOUR = timedelta(days=2)
SETTLED_OR_WAITING = (Phase.WAITING_FOR_YOU, Phase.DECIDED, Phase.CLOSED)


def values_of(request: ServiceRequest, event: Event, link: str) -> dict[str, str]:
    """Every name that the words of a message may use; empty where there is nothing to say."""
    given = said_answers(request, event) if isinstance(event, Moved) else {}
    facts = {name: say(text) for name, text in event.said.items()} if isinstance(event, Moved | Happened) else {}
    return {
        "reason": "",
        **facts,
        **given,
        "reference": request.reference,
        "type": say(request.type_title),
        "state": say(event.now if isinstance(event, Joined) else request.state_title) or request.state,
        "place": "" if is_discreet(request) else place_of(request),
        "promised": promised_of(request),
        "title": say(event.title) if isinstance(event, Announced) else "",
        "words": say(event.words) if isinstance(event, Announced) else request.words,
        "town": say(request.jurisdiction.name),
        "link": link,
    }


def is_discreet(request: ServiceRequest) -> bool:
    """Whether the message must say little: others may see the screen of somebody who complains in confidence."""
    return request.requester is not None and request.requester.mode == "confidential"


def place_of(request: ServiceRequest) -> str:
    return request.place.address if request.place else ""


def promised_of(request: ServiceRequest) -> str:
    """The promised day, with the hour where it is a matter of hours; nothing while it rests or once it is kept."""
    if request.promised_at is None or request.phase in SETTLED_OR_WAITING:
        return ""
    if request.promised_at - request.submitted_at <= TO_THE_HOUR:
        return format_datetime(request.promised_at)
    return format_date(request.promised_at)


def said_answers(request: ServiceRequest, event: Moved) -> dict[str, str]:
    """What was given with a move, as a person would say it."""
    return {
        code: said_answer(request.questions.get(f"{event.transition}.{code}"), value)
        for code, value in event.given.items()
    }
