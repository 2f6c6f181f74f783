"""Addresses that messages and receipts carry, and the private keys in them, derived from a secret."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.references import ALPHABET, KEY_CHARACTERS, in_characters, key_for
from parvis.signing import matches
from parvis_sdk.request_types import RequestType

LINK_LASTS = timedelta(days=180)  # of what a message carries
UNDONE_WITHIN = timedelta(days=30)  # of a change of contact details
Right = Literal["view", "mail", "messages", "settled", "contact", "follow", "report"]
"""What one key does: open the request in this browser; open it from a message to this address, as long as it is that of
the request; stop messages; say whether the work is settled; take a change of contact details back; begin and
stop following; stop a report to somebody of the town."""
HOUR = 3600
HOUR_CHARACTERS = 4
DATED_LENGTH = HOUR_CHARACTERS + KEY_CHARACTERS
MOST_TOKEN = 100


def token_of(secret: bytes, opens: str, id: UUID) -> str:
    """The secret part of a link; `opens` is the word of what such links open."""
    return f"{id.hex}.{_mark(secret, opens, id)}"


def id_in(secret: bytes, opens: str, token: str) -> UUID | None:
    """What a link names, when the link is ours and opens such things."""
    id, _, mark = token[:MOST_TOKEN].partition(".")
    try:
        wanted = UUID(hex=id)
    except ValueError:
        return None
    return wanted if matches(secret, mark, lambda key: _mark(key, opens, wanted)) else None


def _mark(secret: bytes, opens: str, id: UUID) -> str:
    digest = hmac.new(secret, f"{opens}:".encode() + id.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def dated_key(secret: bytes, right: Right, id: UUID, lasts: timedelta, *about: str) -> str:
    """A key with one right over one request, for a time; `about` is what it is bound to besides."""
    hour = -(-int((clock.now() + lasts).timestamp()) // HOUR)
    return in_characters(hour, HOUR_CHARACTERS) + _dated_mark(secret, right, id, hour, about)


def is_dated_key(secret: bytes, right: Right, id: UUID, given: str, *about: str) -> bool:
    """Whether a key has that right over that request, and its time is not over."""
    ends = (_hour_in(given) or 0) * HOUR
    return clock.now().timestamp() < ends and was_dated_key(secret, right, id, given, *about)


def was_dated_key(secret: bytes, right: Right, id: UUID, given: str, *about: str) -> bool:
    """Whether a key has or had that right: it is ours, over or not."""
    hour = _hour_in(given)
    if hour is None:
        return False
    mark = given.strip().lower()[HOUR_CHARACTERS:]
    return matches(secret, mark, lambda key: _dated_mark(key, right, id, hour, about))


def looks_dated(given: str) -> bool:
    """Whether that reads like a key with one right, valid or not: a link that is over is told from a mistyped one."""
    return _hour_in(given) is not None


def _hour_in(given: str) -> int | None:
    read = given.strip().upper()
    if len(read) != DATED_LENGTH or any(one not in ALPHABET for one in read):
        return None
    return sum(ALPHABET.index(one) << 5 * place for place, one in enumerate(read[:HOUR_CHARACTERS]))


def _dated_mark(secret: bytes, right: Right, id: UUID, hour: int, about: tuple[str, ...]) -> str:
    told = "\n".join((right, str(hour), *about)).encode("utf-8", "replace")
    digest = hmac.new(secret, b"dated-key:" + id.bytes + told, hashlib.sha256).digest()
    return in_characters(int.from_bytes(digest, "big"), KEY_CHARACTERS)


APPLY = {"fr": "demande", "en": "request"}
TRACK = {"fr": "suivi", "en": "track"}
PUBLIC_PAGE = {"fr": "requete", "en": "request"}
KEY = "cle"
ONLY = "jeton"  # a key that has one right
SETTLED = {"fr": "regle", "en": "settled"}
ANSWERED, YES, NO = "reponse", "oui", "non"
MESSAGES = {"fr": "messages", "en": "messages"}
FOLLOW = {"fr": "abonnement", "en": "following"}
SHORT = "t"
STOP = "stop"
REPORTS = "rapports"


def town_url(host: Host, town: Jurisdiction) -> str:
    """The root of a town's pages: this installation's address under the town's own host name, where it has one."""
    base = urlsplit(host.base_url)
    if not town.hosts or base.hostname in town.hosts or host.jurisdictions.by_default == town.code:
        return host.base_url.rstrip("/")
    port = f":{base.port}" if base.port else ""
    return f"{base.scheme}://{town.hosts[0]}{port}"


def tracking_url(host: Host, town: Jurisdiction, record: Record) -> str:
    """The private view, opened by the key of the request."""
    key = key_for(host.secret, record.id, record.holders)
    return f"{own_page_url(host, town, record, record.language)}?{KEY}={key}"


def own_page_url(host: Host, town: Jurisdiction, record: Record, language: str) -> str:
    """The same without its key: it opens for holders of one."""
    words = language if language in TRACK else "fr"
    return f"{town_url(host, town)}/{words}/{TRACK[words]}/{record.reference}"


def public_url(host: Host, town: Jurisdiction, record: Record, language: str = "") -> str:
    """The page that anyone may see; empty when the request has none."""
    words = language or record.language
    words = words if words in PUBLIC_PAGE else "fr"
    return f"{town_url(host, town)}/{words}/{PUBLIC_PAGE[words]}/{record.reference}" if record.public else ""


def page_url(host: Host, town: Jurisdiction, reference: str, language: str) -> str:
    """The page of a request that is known to be public."""
    words = language if language in PUBLIC_PAGE else "fr"
    return f"{town_url(host, town)}/{words}/{PUBLIC_PAGE[words]}/{reference}"


def key_with(host: Host, record: Record, right: Right, *about: str, lasts: timedelta = LINK_LASTS) -> str:
    """A key that has this right over a request alone, for a time, and not once it was handed over."""
    return dated_key(host.secret, right, record.id, lasts, str(record.holders), *about)


def has_right(host: Host, record: Record, right: Right, key: str, *about: str) -> bool:
    """Whether that is such a key."""
    return is_dated_key(host.secret, right, record.id, key, str(record.holders), *about)


def mail_key(host: Host, record: Record, to: str) -> str:
    """The key of the private view in a message to this address or number; it opens nothing once the request has
    another one."""
    return key_with(host, record, "mail", to.strip().casefold())


def is_mail_key(host: Host, record: Record, key: str, to: str) -> bool:
    """Whether that is the key of a message to this address or number."""
    return bool(to) and has_right(host, record, "mail", key, to.strip().casefold())


def view_url(host: Host, town: Jurisdiction, record: Record, to: str) -> str:
    """The private view, as a message to this address links to it."""
    return f"{own_page_url(host, town, record, record.language)}?{KEY}={mail_key(host, record, to)}"


def stop_url(host: Host, town: Jurisdiction, record: Record) -> str:
    """Where the requester stops further messages, and can do nothing else: a page with a button, robots open links."""
    return _below(host, town, record, MESSAGES, "messages")


def settled_url(host: Host, town: Jurisdiction, record: Record) -> str:
    """Where the requester says whether it is settled, and can do nothing else: a page with buttons, `reponse` being
    what they begin with."""
    return _below(host, town, record, SETTLED, "settled")


def _below(host: Host, town: Jurisdiction, record: Record, page: dict[str, str], right: Right) -> str:
    address = own_page_url(host, town, record, record.language)
    word = page[record.language if record.language in TRACK else "fr"]
    return f"{address}/{word}?{ONLY}={key_with(host, record, right)}"


def short_url(host: Host, town: Jurisdiction, record: Record, key: str = "") -> str:
    """The private view in few characters: reference and key, that of the receipt or another, behind one letter."""
    key = key or key_for(host.secret, record.id, record.holders)
    return f"{town_url(host, town)}/{SHORT}/{record.reference.replace('-', '')}{key}"


def short_stop_url(host: Host, town: Jurisdiction, record: Record) -> str:
    """The page that stops messages, in few characters."""
    return f"{short_url(host, town, record, key_with(host, record, 'messages'))}/{STOP}"


def follower_url(host: Host, town: Jurisdiction, language: str, token: str) -> str:
    """Where somebody who follows another person's request confirms it or stops."""
    words = language if language in FOLLOW else "fr"
    return f"{town_url(host, town)}/{words}/{FOLLOW[words]}/{token}"


def report_stop_url(host: Host, town: Jurisdiction, report: UUID) -> str:
    """Where the recipient of a report stops it, for a time: a page with a button, without signing in."""
    return f"{town_url(host, town)}/{REPORTS}/{report}/{dated_key(host.secret, 'report', report, LINK_LASTS)}"


def service_url(host: Host, town: Jurisdiction, request_type: RequestType, language: str) -> str:
    """Where a request of this type is filed on the portal."""
    words = language if language in APPLY else "fr"
    theme, slug = request_type.theme.slug.to(words), request_type.slug.to(words)
    return f"{town_url(host, town)}/{words}/{APPLY[words]}/{theme}/{slug}"
