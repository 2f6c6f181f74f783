"""What the names in a message stand for, said in the language of the moment."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from parvis.i18n import (
    format_date,
    format_datetime,
    format_list,
    format_money,
    format_number,
    format_phone,
    format_time,
    language,
    say,
)
from parvis_sdk.events import Announced, Event, Happened, Joined, Moved
from parvis_sdk.fields import AnyField, Date, Money, Number, OneOf, Phone, PlaceFact, SeveralOf, Time, YesNo
from parvis_sdk.places import fact_said
from parvis_sdk.requests import Phase, ServiceRequest
from parvis_sdk.text import Text

YES, NO = Text(fr="oui", en="yes"), Text(fr="non", en="no")
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


def said_answer(field: AnyField | None, value: Any) -> str:
    """One answer in words; the value itself where its question is not known."""
    match field:
        case PlaceFact():
            return say(fact_said(field, value))
        case YesNo():
            return (YES if value else NO).to(language())
        case OneOf(options=options):
            return next((say(option.label) for option in options if option.code == value), str(value))
        case SeveralOf(options=options):
            return format_list([say(option.label) for option in options if option.code in value])
        case Date():
            return format_date(str(value))
        case Time():
            return format_time(str(value))
        case Money(currency=currency):
            return format_money(int(value), currency)
        case Number(decimals=decimals, unit=unit):
            return f"{format_number(value, decimals or None)} {say(unit)}".strip()
        case Phone():
            return format_phone(str(value))
    if isinstance(value, Mapping):
        return str(value.get("address", ""))
    if isinstance(value, list):
        return format_list([str(one) for one in value if not isinstance(one, Mapping)])
    return str(value)
