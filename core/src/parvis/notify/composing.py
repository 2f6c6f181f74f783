"""Composing a message: the text of the step, the facts and the link, the same in plain text and in HTML."""

import re
from datetime import timedelta
from functools import cache
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from msgspec import Struct, structs

from parvis.i18n import format_date, format_datetime, say, speaking
from parvis.notify import wording
from parvis.requests.answers_said import said_answer
from parvis_sdk.channels import Otherwise, OutgoingMessage
from parvis_sdk.contact_methods import EMAIL, ContactMethod
from parvis_sdk.events import Announced, Event, Happened, Joined, Moved, Replied
from parvis_sdk.placeholders import fill_body, fill_subject
from parvis_sdk.requests import Phase, ServiceRequest, Urgency
from parvis_sdk.sms_segments import shortened
from parvis_sdk.text import Text

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
    """What was given with a step, as a person would say it."""
    return {
        code: said_answer(request.questions.get(f"{event.transition}.{code}"), value)
        for code, value in event.given.items()
    }


Words = tuple[Text, Text]


class Receiver(Struct, frozen=True, kw_only=True):
    """Who is told by which contact method and in which language, with which link, and why they are told.

    `question` is the page where they say whether the matter is settled, when they are asked, and `asks` what is asked;
    `says_no_only` is whose own request it is not. `recipient` is who they are to the request. Nothing that a stranger
    may have typed is said to an address that is `unconfirmed`.
    """

    to: str
    by: ContactMethod = EMAIL
    language: str
    name: str = ""
    link: str
    label: Text
    because: Text
    stop_url: str = ""
    private: bool = False
    question: str = ""
    asks: Literal["settled", "still_there"] = "settled"
    facts: bool = True
    recipient: Literal["requester", "follower", "party", ""] = ""
    unconfirmed: bool = False
    says_no_only: bool = False


class Fact(Struct, frozen=True, kw_only=True):
    """One line under the message."""

    label: str
    value: str


def compose(request: ServiceRequest, event: Event, words: Words, to: Receiver) -> OutgoingMessage:
    """The message that tells `to` of what happened, as its channel carries it."""
    if to.unconfirmed:
        to, request, event = structs.replace(to, name=""), structs.replace(request, place=None), _by_town(event)
    forms = {"full": _mail, "brief": _text_message, "spoken": _said_aloud}
    message = forms[to.by.form](request, event, words, to)
    otherwise = _otherwise(request, event, words, to) if to.recipient == "requester" else None
    return structs.replace(message, recipient=to.recipient, urgency=urgency_of(event), otherwise=otherwise)


def stop_url_of(request: ServiceRequest, by: ContactMethod) -> str:
    """Where messages of this contact method are stopped."""
    return (request.short_stop_url or f"{request.short_url}/stop") if by.form == "brief" else request.stop_url


def _by_town(event: Event) -> Event:
    """Without what the person asking has typed beside a step."""
    return structs.replace(event, given={}) if isinstance(event, Moved) and event.actor == "requester" else event


def urgency_of(event: Event) -> Urgency:
    """How soon people must know."""
    return event.urgency if isinstance(event, Announced) else "normal"


def _otherwise(request: ServiceRequest, event: Event, words: Words, to: Receiver) -> Otherwise:
    """The same words for whatever way is next, should this one not reach them."""
    about, say = spoken(request, event, words)
    brief, person = "", request.requester
    others = (each for each in request.jurisdiction.contact_methods if each.form == "brief" and each != to.by)
    by = next((each for each in others if person is not None and each.reaches(person)), None)
    if by is not None and to.by.form != "brief":
        link = request.short_url if to.link in (request.tracking_url, request.view_url, "") else to.link
        by_text = structs.replace(
            to, to=by.address_in(person), by=by, link=link, stop_url=stop_url_of(request, by), question=""
        )
        brief = _text_message(request, event, words, by_text).text
    return Otherwise(about=about, say=say, brief=brief)


def spoken(request: ServiceRequest, event: Event, words: Words) -> tuple[Text, Text]:
    """What is to be said, in both languages: the person may speak the other one by the time they are reached."""

    def filled(language: str) -> tuple[str, str]:
        with speaking(language, request.jurisdiction.time_zone):
            values = values_of(request, event, "")
            subject, body = (text.to(language) for text in words)
            return fill_subject(subject, values), fill_body(body, values)

    (about_fr, say_fr), (about_en, say_en) = filled("fr"), filled("en")
    return Text(fr=about_fr, en=about_en), Text(fr=say_fr, en=say_en)


def _text_message(request: ServiceRequest, event: Event, words: Words, to: Receiver) -> OutgoingMessage:
    """Who writes, what about and the beginning of what is said; the links whole, one to read on and one to stop."""
    with speaking(to.language, request.jurisdiction.time_zone):
        values = values_of(request, event, "")
        subject = fill_subject(words[0].to(to.language), values)
        said = "" if is_discreet(request) else shortened(_briefly(event, words, values, to), to.by.longest)
        first = " ".join(part for part in (f"{values['town']}. {subject}.", said) if part)
        stop = wording.STOP_TEXTS.to(to.language)
        asked = question_of(to)
        read_on = " ".join(part for part in (asked, to.link) if part)
        to_stop = f"{stop}{wording.COLON.to(to.language)}{to.stop_url}" if to.stop_url else ""
        return OutgoingMessage(
            channel=to.by.name,
            to=to.to,
            subject=subject,
            text="\n".join(line for line in (first, read_on, to_stop) if line),
            language=to.language,
            thread=request.reference,
            stop_url=to.stop_url,
            reference=request.reference,
            sender=values["town"],
        )


def _said_aloud(request: ServiceRequest, event: Event, words: Words, to: Receiver) -> OutgoingMessage:
    """Who speaks, what about and what is said, as whole sentences; no link, and nothing of a discreet matter."""
    about, say = spoken(request, event, words)
    town = request.jurisdiction.name.to(to.language)
    subject, said = about.to(to.language), "" if is_discreet(request) else say.to(to.language)
    return OutgoingMessage(
        channel=to.by.name,
        to=to.to,
        subject=subject,
        text="\n\n".join(part for part in (f"{town}. {subject}.", said) if part),
        language=to.language,
        thread=request.reference,
        reference=request.reference,
        sender=town,
    )


def _briefly(event: Event, words: Words, values: dict[str, str], to: Receiver) -> str:
    """What somebody of the town wrote, where they did; else what is said of such a step."""
    # A reason that they gave themselves is no news to them.
    by_town = values["reason"] if event.actor != "requester" else ""
    by_hand = values["words"] if isinstance(event, Replied | Announced) else by_town
    return by_hand or fill_body(words[1].to(to.language), values)


def _mail(request: ServiceRequest, event: Event, words: Words, to: Receiver) -> OutgoingMessage:
    with speaking(to.language, request.jurisdiction.time_zone):
        values = values_of(request, event, to.link)
        body = fill_body(words[1].to(to.language), values)
        page = {
            "language": to.language,
            "subject": fill_subject(words[0].to(to.language), values),
            "greeting": _greeting(request, to),
            "body": body,
            "facts": facts_of(request, to) if to.facts else (),
            "to": to,
            "question": question_of(to),
            "answers": answers_of(to),
            "town": request.jurisdiction,
            "word": lambda name: getattr(wording, name).to(to.language),
        }
        return OutgoingMessage(
            channel=to.by.name,
            to=to.to,
            subject=str(page["subject"]),
            text=_tidy(environment().get_template("message.txt").render(page)),
            html=environment().get_template("message.html").render(page),
            language=to.language,
            thread=request.reference,
            reply_to=request.jurisdiction.email,
            stop_url=to.stop_url,
            reference=request.reference,
            sender=values["town"],
        )


def answers_of(to: Receiver) -> tuple[Fact, ...]:
    """The answers to the question whether it is settled, each with the address of its page."""
    if not to.question:
        return ()
    _, yes, no = wording.QUESTIONS[to.asks]
    if to.says_no_only:
        return (Fact(label=no.to(to.language), value=to.question),)
    said = ((yes, "oui"), (no, "non"))
    return tuple(Fact(label=label.to(to.language), value=f"{to.question}&reponse={code}") for label, code in said)


def question_of(to: Receiver) -> str:
    """The question whether it is settled, in their language; empty where they are not asked."""
    return wording.QUESTIONS[to.asks][0].to(to.language) if to.question else ""


def facts_of(request: ServiceRequest, to: Receiver) -> tuple[Fact, ...]:
    """What the message is about; little of it where discretion is due."""
    known = [(wording.REFERENCE, request.reference)]
    if not is_discreet(request):
        known += [
            (wording.TYPE, request.type_title.to(to.language)),
            (wording.PLACE, place_of(request) if to.private else ""),
        ]
    known += [
        (wording.STATE, request.state_title.to(to.language) if request.state_title else ""),
        (wording.PROMISED, promised_of(request)),
    ]
    return tuple(Fact(label=label.to(to.language), value=value) for label, value in known if value)


def _greeting(request: ServiceRequest, to: Receiver) -> str:
    if not to.name or is_discreet(request):
        return wording.GREETING.to(to.language)
    return fill_subject(wording.GREETING_BY_NAME.to(to.language), {"name": to.name})


@cache
def environment() -> Environment:
    """The layouts; HTML escapes everything, plain text nothing."""
    layouts = Environment(
        loader=PackageLoader("parvis.notify", "layouts"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    layouts.filters["paragraphs"] = paragraphs
    return layouts


def paragraphs(body: str, link: str, words: str) -> Markup:
    """The body as paragraphs; our own link, and no other address, can be pressed."""
    anchor = Markup('<a href="{}" style="color:#1d4f91">{}</a>').format(link, words)
    blocks = []
    for block in body.split("\n\n"):
        lines = [anchor.join(escape(part) for part in _around(line, link)) for line in block.split("\n")]
        blocks.append(Markup('<p style="margin:0 0 16px">{}</p>').format(Markup("<br>").join(lines)))
    return Markup("\n").join(blocks)


def _around(line: str, link: str) -> list[str]:
    return line.split(link) if link else [line]


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
