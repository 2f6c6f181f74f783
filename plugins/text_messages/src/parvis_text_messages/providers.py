"""Gateways as data: how each signs its calls, what it calls things, what it reads as an answer."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import msgspec
from msgspec import Struct

from parvis_sdk.signatures import trouble_with
from parvis_text_messages.settings import Settings

WINDOW = 300  # seconds between their clock and ours
MOST_MEDIA = 10
MOST_PARTS = 20
MOST_FIELDS = 200
Status = Literal["sent", "delivered", "failed"]
Believed = Callable[["GatewayCall", Settings], str | None]


class GatewayCall(Struct, frozen=True, kw_only=True):
    """One call as it came; `query` is what stands behind the ? of its address."""

    headers: Mapping[str, str]
    body: bytes
    query: str
    at: datetime


class ReceivedText(Struct, frozen=True, kw_only=True):
    """A message that somebody sent, or one part of it: `group` is what its `of` parts share."""

    id: str
    sender: str
    words: str = ""
    media: tuple[str, ...] = ()
    group: str = ""
    number: int = 0
    of: int = 0


class StatusReport(Struct, frozen=True, kw_only=True):
    """What became of a message of ours; `delivery` is its id here where the gateway hands it back."""

    id: str
    status: Status
    reason: str = ""
    code: str = ""
    delivery: str = ""


class Unreadable(ValueError):
    """Why a call is not understood, in a sentence for the author of the gateway."""


Read = Callable[["Provider", GatewayCall], ReceivedText | StatusReport | None]


class Provider(Struct, frozen=True, kw_only=True):
    """A gateway: `statuses` translates its states, `stopped` are codes that say that the number wants no messages."""

    name: str
    believed: Believed
    read: Read
    statuses: Mapping[str, Status]
    stopped: tuple[str, ...] = ()
    media_hosts: tuple[str, ...] = ()
    answer: bytes = b""
    content_type: str = "application/json"


def by_standard(call: GatewayCall, settings: Settings) -> str | None:
    """Why a call is not believed by the standard for webhooks; None where it is."""
    return trouble_with(call.headers, call.body, call.at, (settings.secret,), WINDOW)


def by_twilio(call: GatewayCall, settings: Settings) -> str | None:
    """Why a call is not believed by Twilio's way: HMAC-SHA1 over the address and the sorted parameters of the form."""
    given = call.headers.get("x-twilio-signature", "")
    if not given:
        return "it is not signed"
    address = f"{settings.address}?{call.query}" if call.query else settings.address
    parameters = _form(call.body)
    expected = [twilio_signature(settings.secret, each, parameters) for each in _spellings(address)]
    if any(hmac.compare_digest(each.encode(), given.encode("utf-8", "replace")) for each in expected):
        return None
    return "its signature is none of ours"


def twilio_signature(secret: str, address: str, parameters: Mapping[str, list[str]]) -> str:
    """What stands in X-Twilio-Signature.

    >>> twilio_signature("12345", "https://example.com/myapp.php?foo=1&bar=2", {
    ...     "CallSid": ["CA1234567890ABCDE"], "Caller": ["+14158675310"], "Digits": ["1234"],
    ...     "From": ["+14158675310"], "To": ["+18005551212"]})
    'L/OH5YylLD5NRKLltdqwSvS0BnU='
    """
    told = address + "".join(name + each for name in sorted(parameters) for each in sorted({*parameters[name]}))
    return base64.b64encode(hmac.new(secret.encode(), told.encode(), hashlib.sha1).digest()).decode()


def _spellings(address: str) -> tuple[str, ...]:
    """The address with the usual port and without any: Twilio signs either."""
    parts = urlsplit(address)
    host, usual = parts.hostname or "", {"https": 443, "http": 80}.get(parts.scheme, 0)
    if parts.port not in (None, usual):
        return (address,)
    return tuple(urlunsplit(parts._replace(netloc=netloc)) for netloc in (host, f"{host}:{usual}"))


def _form(body: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Unreadable(f"it has more than {MOST_FIELDS} fields") from error
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


class StandardPart(Struct, frozen=True, kw_only=True):
    """Which part of a longer message this is."""

    group: str
    number: int
    of: int


class StandardBody(Struct, frozen=True, kw_only=True, rename={"sender": "from", "words": "text"}):
    """What a gateway of our own form sends: a `message` that came, or the `status` of one of ours."""

    type: Literal["message", "status"]
    id: str
    sender: str = ""
    words: str = ""
    media: tuple[str, ...] = ()
    part: StandardPart | None = None
    status: str = ""
    reason: str = ""
    code: str = ""
    delivery: str = ""


def read_standard(provider: Provider, call: GatewayCall) -> ReceivedText | StatusReport | None:
    """A call of our own form in JSON."""
    try:
        body = msgspec.json.decode(call.body, type=StandardBody)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error
    if not body.id:
        raise Unreadable("id is empty")
    if body.type == "status":
        return _status(provider, body.id, body.status, body.reason, body.code, body.delivery)
    part = body.part
    if part is not None and not (part.group and 1 <= part.number <= part.of <= MOST_PARTS):
        raise Unreadable("part is none of a message")
    return _text(body.id, body.sender, body.words, body.media, part)


def read_twilio(provider: Provider, call: GatewayCall) -> ReceivedText | StatusReport | None:
    """A call of Twilio's form."""
    form = {name: values[0] for name, values in _form(call.body).items()}
    id = form.get("MessageSid") or form.get("SmsSid", "")
    if not id:
        raise Unreadable("MessageSid is missing")
    if "MessageStatus" in form:
        delivery = dict(parse_qsl(call.query)).get("delivery", "")
        reason, code = form.get("ErrorMessage", ""), form.get("ErrorCode", "")
        return _status(provider, id, form["MessageStatus"], reason, code, delivery)
    many = form.get("NumMedia", "0")
    media = [
        form.get(f"MediaUrl{number}", "") for number in range(min(int(many), MOST_MEDIA) if many.isdecimal() else 0)
    ]
    return _text(id, form.get("From", ""), form.get("Body", ""), tuple(filter(None, media)), None)


def _text(id: str, sender: str, words: str, media: tuple[str, ...], part: StandardPart | None) -> ReceivedText:
    if not sender:
        raise Unreadable("it does not say who sent it")
    named = (part.group, part.number, part.of) if part is not None and part.of > 1 else ("", 0, 0)
    return ReceivedText(
        id=id,
        sender=sender[:40],
        words=words,
        media=media[:MOST_MEDIA],
        group=named[0],
        number=named[1],
        of=named[2],
    )


def _status(provider: Provider, id: str, said: str, reason: str, code: str, delivery: str) -> StatusReport | None:
    status = provider.statuses.get(said.lower())
    if status is None:
        return None  # on its way: nothing is known yet
    return StatusReport(id=id[:100], status=status, reason=reason, code=code, delivery=delivery)


STANDARD = Provider(
    name="standard",
    believed=by_standard,
    read=read_standard,
    statuses={"sent": "sent", "delivered": "delivered", "failed": "failed"},
    answer=b"{}",
)
TWILIO = Provider(
    name="twilio",
    believed=by_twilio,
    read=read_twilio,
    statuses={
        "sent": "sent",
        "delivered": "delivered",
        "read": "delivered",
        "undelivered": "failed",
        "failed": "failed",
    },
    stopped=("21610",),
    media_hosts=("api.twilio.com", "mms.twiliocdn.com", "media.twiliocdn.com"),
    answer=b"<Response/>",
    content_type="text/xml",
)
PROVIDERS: dict[str, Provider] = {each.name: each for each in (STANDARD, TWILIO)}


def provider_of(settings: Settings) -> Provider:
    """The gateway that the settings name."""
    return PROVIDERS[settings.provider]


def hosts_of(settings: Settings) -> tuple[str, ...]:
    """The hosts that photos may be fetched from."""
    return settings.media_hosts or provider_of(settings).media_hosts
