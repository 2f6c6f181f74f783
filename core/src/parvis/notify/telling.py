"""Who is told what: the handler of `notify`."""

from parvis.filling import fill_subject
from parvis.i18n import speaking
from parvis.notify import wording
from parvis.notify.composing import Receiver, Words, compose
from parvis.notify.saying import is_discreet, values_of
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.events import Event, Followed, Moved, Replied, Submitted
from parvis_sdk.requests import Follower, PreferredChannel, ServiceRequest
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text


@on(Submitted, Moved, Replied, Followed, needs=("contact", "followers"))
async def tell(event: Submitted | Moved | Replied | Followed, request: ServiceRequest) -> Outcome | None:
    """One subscription for all, so that a person hears of the steps of a request in their order."""
    match event:
        case Submitted():
            return acknowledge(event, request)
        case Moved():
            return tell_step(event, request)
        case Replied():
            return _tell(request, event, _words(request, "replied", wording.REPLIED))
        case Followed():
            return ask_to_confirm(event, request)


def acknowledge(event: Submitted, request: ServiceRequest) -> Outcome | None:
    """We have it. Who is to be called has the receipt on screen or has heard it said."""
    if (to := _requester(request)) is None:
        return None
    words = _words(request, "submitted", wording.SUBMITTED)
    return Outcome(messages=(compose(request, event, wording.SUBMITTED_BY_TEXT if to.channel == "sms" else words, to),))


def tell_step(event: Moved, request: ServiceRequest) -> Outcome | None:
    """A step that may be told; what the requester did without the town having words for it is not told back to them."""
    if not event.tell:
        return None
    own = event.actor == "requester" and event.transition not in request.texts
    told = None if own else _tell(request, event, _words(request, event.transition, wording.MOVED))
    messages = (*(told.messages if told else ()), *_followers(request, event))
    note = told.note if told else None
    return Outcome(note=note, messages=messages) if note or messages else None


def ask_to_confirm(event: Followed, request: ServiceRequest) -> Outcome | None:
    """Whoever wants to follow confirms that the address is theirs; until then they are told nothing."""
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
    )
    return Outcome(messages=(compose(request, event, wording.CONFIRM, to),))


def _tell(request: ServiceRequest, event: Event, words: Words) -> Outcome | None:
    """A message to the requester, or a note for the desk when they are to be called or written to."""
    if request.requester is None or request.stopped:
        return None
    match way_to(request):
        case "phone":
            asks = wording.CALL_WANTED if request.requester.email else wording.CALL
            return Outcome(note=_note(request, event, words, asks))
        case "letter":
            return Outcome(note=_note(request, event, words, wording.WRITE_WANTED))
    to = _requester(request)
    return Outcome(messages=(compose(request, event, words, to),)) if to else None


def way_to(request: ServiceRequest) -> PreferredChannel:
    """How the person is reached: as they prefer where that is possible, else by what they left."""
    person = request.requester
    if person is None:
        return ""
    if person.preferred_channel == "sms" and person.phone and "sms" in request.jurisdiction.channels:
        return "sms"
    if person.phone and (person.preferred_channel == "phone" or not person.email):
        return "phone"
    if person.preferred_channel == "letter":
        return "letter"
    return "email" if person.email else ""


def _requester(request: ServiceRequest) -> Receiver | None:
    person, way = request.requester, way_to(request)
    if person is None or request.stopped:
        return None
    by_text = way == "sms"
    if not by_text and not person.email:
        return None
    return Receiver(
        to=person.phone if by_text else person.email,
        channel="sms" if by_text else "email",
        language=request.language,
        name=person.name,
        link=request.short_url if by_text else request.tracking_url,
        label=wording.OPEN_REQUEST,
        because=wording.BECAUSE_REQUESTER,
        stop_url=f"{request.short_url}/stop" if by_text else request.stop_url,
        private=True,
    )


def _followers(request: ServiceRequest, event: Moved) -> tuple[OutgoingMessage, ...]:
    if is_discreet(request) or not request.public_url:
        return ()
    confirmed = (each for each in request.followers if not each.confirm_url)
    return tuple(compose(request, event, wording.FOLLOWED_STEP, _follower(request, each)) for each in confirmed)


def _follower(request: ServiceRequest, follower: Follower) -> Receiver:
    return Receiver(
        to=follower.email,
        language=follower.language,
        link=request.public_url,
        label=wording.OPEN_PUBLIC,
        because=wording.BECAUSE_FOLLOWER,
        stop_url=follower.stop_url,
    )


def _words(request: ServiceRequest, on: str, ours: Words) -> Words:
    """The town's words or the author's, ours where they have none; a subject that says little where that is due."""
    subject, body = request.texts.get(on, (Text(fr=""), Text(fr="")))
    discreet = wording.DISCREET_SUBJECT if is_discreet(request) else ours[0]
    return (subject if subject.fr else discreet, body if body.fr else ours[1])


def _note(request: ServiceRequest, event: Event, words: Words, asks: Text) -> Text:
    def said(language: str) -> str:
        with speaking(language, request.jurisdiction.time_zone):
            return fill_subject(words[0].to(language), values_of(request, event, ""))

    return asks.format(subject=Text(fr=said("fr"), en=said("en")))
