"""Who is told what: the handler of `notify`."""

from msgspec import structs

from parvis.notify import wording
from parvis.notify.composing import Receiver, Words, compose, is_discreet, spoken, stop_url_of, urgency_of
from parvis.requests.closing import SAYING_NO, STILL_THERE
from parvis.requests.contacts import way_to
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.contact_methods import BUILT_IN, LETTER, ContactMethod, method_of
from parvis_sdk.events import (
    Amended,
    Announced,
    Event,
    Followed,
    Happened,
    Joined,
    LetIn,
    Moved,
    ReceiptWanted,
    Replied,
    Rescheduled,
    Submitted,
)
from parvis_sdk.requests import Follower, Involved, ServiceRequest
from parvis_sdk.subscriptions import ByHand, Outcome, on
from parvis_sdk.text import Text

Told = (
    Submitted
    | Moved
    | Happened
    | Replied
    | Rescheduled
    | Amended
    | ReceiptWanted
    | Followed
    | LetIn
    | Announced
    | Joined
)


@on(
    Submitted,
    Moved,
    Happened,
    Replied,
    Rescheduled,
    Amended,
    ReceiptWanted,
    Followed,
    LetIn,
    Announced,
    Joined,
    needs=("contact", "followers"),
)
async def tell(event: Told, request: ServiceRequest) -> Outcome | None:
    """One subscription for all, so that a person is told of the steps of a request in order."""
    match event:
        case Submitted():
            return acknowledge(event, request)
        case Moved():
            return tell_step(event, request)
        case Happened():
            return tell_fact(event, request)
        case Replied():
            words = _words(request, "replied", wording.REPLIED)
            return _with_parties(_tell(request, event, words), request, event, words, right="messages")
        case Rescheduled():
            return _tell(request, event, _words(request, "rescheduled", wording.RESCHEDULED))
        case Amended():
            return tell_new_type(event, request)
        case ReceiptWanted():
            return give_receipt(event, request)
        case Followed():
            return ask_to_confirm(event, request)
        case LetIn():
            return give_link(event, request)
        case Announced():
            return announce(event, request)
        case Joined():
            return tell_joined(event, request)


def acknowledge(event: Submitted, request: ServiceRequest) -> Outcome | None:
    """The receipt. People who are to be called saw it on the screen, or were told by telephone."""
    to = _requester(request)
    if to is None or to.by.form == "spoken":
        return None
    words = wording.SUBMITTED_BY_TEXT if to.by.form == "brief" else _words(request, "submitted", wording.SUBMITTED)
    return Outcome(messages=(compose(request, event, words, to),))


def tell_new_type(event: Amended, request: ServiceRequest) -> Outcome | None:
    """That it is of another type now, which may change who answers and by when; other corrections are not told."""
    return _tell(request, event, _words(request, "retyped", wording.RETYPED)) if "type" in event.changed else None


def give_receipt(event: ReceiptWanted, request: ServiceRequest) -> Outcome | None:
    """The receipt again, because the person has just asked for it: also if they want no other messages."""
    asked = method_of(event.channel, (*request.jurisdiction.contact_methods, *BUILT_IN))
    to = _requester(request, asked)
    words = wording.RECEIPT_BY_TEXT if to and to.by.form == "brief" else wording.RECEIPT
    return Outcome(messages=(compose(request, event, words, to),)) if to else None


def tell_step(event: Moved, request: ServiceRequest) -> Outcome | None:
    """A step that may be told; what the requester did without the town having words for it is not told back to them."""
    if not event.tell:
        return None
    own = event.actor == "requester" and event.transition not in request.texts
    words = _words(request, event.transition, wording.MOVED)
    if event.transition in SAYING_NO and event.actor == "system":  # what the author wrote thanks the requester for it
        words = wording.STILL_THERE_SAY_OTHERS if event.transition == STILL_THERE else wording.OPENED_BY_OTHERS
    told = None if own else _tell(request, event, words)
    messages = (*(told.messages if told else ()), *_parties(request, event, words), *_followers(request, event))
    by_hand = told.by_hand if told else None
    return Outcome(by_hand=by_hand, messages=messages) if by_hand or messages else None


def tell_fact(event: Happened, request: ServiceRequest) -> Outcome | None:
    """What came true of a part of the request, where there are words for it."""
    if not event.tell or event.fact not in request.texts:
        return None
    words = _words(request, event.fact, wording.MOVED)
    return _with_parties(_tell(request, event, words), request, event, words)


def tell_joined(event: Joined, request: ServiceRequest) -> Outcome | None:
    """That the request goes on with another report of the same thing, and how far that one has come."""
    joined = wording.JOINED_OWN if event.own else wording.JOINED
    words = joined if event.did == "joined" else wording.PARTED if event.did == "parted" else wording.ALONG
    told = _tell(request, event, _words(request, "", words)) if event.tell else None
    return _with_parties(told, request, event, words)


def give_link(event: LetIn, request: ServiceRequest) -> Outcome | None:
    """A private link, for a person who was just given access."""
    let_in = next((each for each in request.parties if each.id == event.party), None)
    return Outcome(messages=(compose(request, event, wording.LET_IN, _party(let_in)),)) if let_in else None


def announce(event: Announced, request: ServiceRequest) -> Outcome | None:
    """What the town says of an incident, without a word about the request; only to those whom the event names."""
    words = wording.ANNOUNCED_DISCREETLY if is_discreet(request) else _announcing(event)
    tells = event.requester and (event.correction or not request.stopped)
    way = _way(request) if tells else None
    if way is not None and way.by_hand:
        return Outcome(by_hand=_by_hand(request, event, words, way), messages=_announced(event, request))
    requester = _requester(request, way) if way else None
    if requester is None:
        messages = _announced(event, request)
    else:
        link, label = event.url.to(requester.language), wording.OPEN_INCIDENT
        stop = stop_url_of(request, requester.by)
        to = structs.replace(
            requester,
            link=link,
            label=label,
            because=wording.BECAUSE_INCIDENT,
            stop_url=stop,
            private=False,
            facts=False,
        )
        messages = (_threaded(compose(request, event, words, to), event), *_announced(event, request))
    return Outcome(messages=messages) if messages else None


def _announced(event: Announced, request: ServiceRequest) -> tuple[OutgoingMessage, ...]:
    named = (each for each in request.followers if each.id in event.followers and not each.confirm_url)
    return tuple(
        _threaded(
            compose(
                request,
                event,
                _announcing(event),
                Receiver(
                    to=each.email,
                    language=each.language,
                    link=event.url.to(each.language),
                    label=wording.OPEN_INCIDENT,
                    because=wording.BECAUSE_INCIDENT,
                    stop_url=each.stop_url,
                    facts=False,
                    recipient="follower",
                ),
            ),
            event,
        )
        for each in named
    )


def _announcing(event: Announced) -> Words:
    subject, body = wording.ANNOUNCED
    subject = wording.CORRECTED if event.correction else subject
    return (wording.URGENT if event.urgency == "emergency" else subject, body)


def _threaded(message: OutgoingMessage, event: Announced) -> OutgoingMessage:
    """In one thread with what else is said of the incident."""
    return structs.replace(message, thread=event.incident)


def _with_parties(
    told: Outcome | None, request: ServiceRequest, event: Event, words: Words, right: str = ""
) -> Outcome | None:
    messages = (*(told.messages if told else ()), *_parties(request, event, words, right))
    by_hand = told.by_hand if told else None
    return Outcome(by_hand=by_hand, messages=messages) if by_hand or messages else None


def _parties(request: ServiceRequest, event: Event, words: Words, right: str = "") -> tuple[OutgoingMessage, ...]:
    """The same to everybody who was let in and is told, each in their language and with their own link."""
    told = (each for each in request.parties if each.told and (not right or right in each.may))
    return tuple(compose(request, event, words, _party(each)) for each in told)


def _party(party: Involved) -> Receiver:
    return Receiver(
        to=party.email,
        language=party.language,
        name=party.name,
        link=party.url,
        label=wording.OPEN_REQUEST,
        because=wording.BECAUSE_LET_IN,
        private=True,
        unconfirmed=party.unconfirmed,
        recipient="party",
    )


def ask_to_confirm(event: Followed, request: ServiceRequest) -> Outcome | None:
    """A new follower confirms that the address is theirs; until then they are told nothing."""
    asked = next((each for each in request.followers if each.id == event.follower), None)
    if asked is None or not asked.confirm_url:
        return None
    to = Receiver(
        to=asked.email,
        language=asked.language,
        link=asked.confirm_url,
        label=wording.OPEN_CONFIRM,
        because=wording.BECAUSE_ASKED,
        facts=False,
        recipient="follower",
    )
    return Outcome(messages=(compose(request, event, wording.CONFIRM, to),))


def _tell(request: ServiceRequest, event: Event, words: Words) -> Outcome | None:
    """A message to the requester, or a call or a letter that the desk owes them."""
    if request.requester is None or request.stopped:
        return None
    way = _way(request)
    if way is not None and way.by_hand:
        return Outcome(by_hand=_by_hand(request, event, words, way))
    # Asked once: by the message of the step that brought it there, while it still stands there.
    asks = event.over if isinstance(event, Joined) else isinstance(event, Moved) and event.target == request.state
    to = _requester(request, asks=asks)
    if to is None:
        return None
    if to.by.form == "brief" and isinstance(event, Rescheduled):
        words = (words[0], wording.RESCHEDULED_BY_TEXT)
    return Outcome(messages=(compose(request, event, words, to),))


def _way(request: ServiceRequest) -> ContactMethod | None:
    return way_to(request.requester, request.jurisdiction.contact_methods, mail_returns=request.mail_returns)


def _requester(request: ServiceRequest, asked: ContactMethod | None = None, *, asks: bool = False) -> Receiver | None:
    person, by = request.requester, asked or _way(request)
    if person is None or by is None or by.by_hand or (request.stopped and not asked) or not by.reaches(person):
        return None
    brief = by.form == "brief"
    return Receiver(
        to=by.address_in(person),
        by=by,
        language=request.language,
        name=person.name,
        link=request.short_url if brief else request.view_url or request.tracking_url,
        label=wording.OPEN_REQUEST,
        because=wording.BECAUSE_REQUESTER,
        stop_url=stop_url_of(request, by),
        private=True,
        question=request.settled_url if asks else "",
        asks=request.asks or "settled",
        unconfirmed=request.unconfirmed,
        says_no_only=bool(request.goes_on_with),
        recipient="requester",
    )


def _followers(request: ServiceRequest, event: Moved) -> tuple[OutgoingMessage, ...]:
    if is_discreet(request) or not request.public_url:
        return ()
    confirmed = (each for each in request.followers if not each.confirm_url)
    by_town = request.opened_by == "town"  # its texts are written for those who follow: nobody asked for it
    words = _words(request, event.transition, wording.FOLLOWED_STEP) if by_town else wording.FOLLOWED_STEP
    asks = bool(request.asks) and event.target == request.state
    return tuple(compose(request, event, words, _follower(request, each, asks=asks)) for each in confirmed)


def _follower(request: ServiceRequest, follower: Follower, *, asks: bool) -> Receiver:
    return Receiver(
        to=follower.email,
        language=follower.language,
        link=request.public_url,
        label=wording.OPEN_PUBLIC,
        because=wording.BECAUSE_FOLLOWER,
        stop_url=follower.stop_url,
        question=follower.stop_url if asks else "",
        asks=request.asks or "settled",
        says_no_only=True,
        recipient="follower",
    )


def _words(request: ServiceRequest, on: str, ours: Words) -> Words:
    """The town's words or the author's, ours where they have none; a subject that says little where that is due."""
    subject, body = request.texts.get(on, (Text(fr=""), Text(fr="")))
    discreet = wording.DISCREET_SUBJECT if is_discreet(request) else ours[0]
    return (subject if subject.fr else discreet, body if body.fr else ours[1])


def _by_hand(request: ServiceRequest, event: Event, words: Words, way: ContactMethod) -> ByHand:
    about, say = spoken(request, event, words)
    return ByHand(way="letter" if way == LETTER else "phone", about=about, say=say, urgency=urgency_of(event))
