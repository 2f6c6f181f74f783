"""Addresses that messages and receipts carry: the private view of a request and its public page."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from parvis.jurisdictions import Jurisdiction
from parvis.requests.heart import Heart
from parvis.requests.private_links import LINK_LASTS, Right, dated_key, is_dated_key
from parvis.requests.records import Record
from parvis.requests.references import key_for
from parvis_sdk.request_types import RequestType

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


def town_url(heart: Heart, town: Jurisdiction) -> str:
    """The root of a town's pages: this installation's address under the town's own host name, where it has one."""
    base = urlsplit(heart.base_url)
    if not town.hosts or base.hostname in town.hosts or heart.territory.default == town.code:
        return heart.base_url.rstrip("/")
    port = f":{base.port}" if base.port else ""
    return f"{base.scheme}://{town.hosts[0]}{port}"


def tracking_url(heart: Heart, town: Jurisdiction, record: Record) -> str:
    """The private view, opened by the key of the request."""
    key = key_for(heart.secret, record.id, record.holders)
    return f"{own_page_url(heart, town, record, record.language)}?{KEY}={key}"


def own_page_url(heart: Heart, town: Jurisdiction, record: Record, language: str) -> str:
    """The same without its key: it opens for whoever holds one already."""
    words = language if language in TRACK else "fr"
    return f"{town_url(heart, town)}/{words}/{TRACK[words]}/{record.reference}"


def public_url(heart: Heart, town: Jurisdiction, record: Record, language: str = "") -> str:
    """The page that anyone may see; empty when the request has none."""
    words = language or record.language
    words = words if words in PUBLIC_PAGE else "fr"
    return f"{town_url(heart, town)}/{words}/{PUBLIC_PAGE[words]}/{record.reference}" if record.public else ""


def page_url(heart: Heart, town: Jurisdiction, reference: str, language: str) -> str:
    """The page of a request that is known to be public."""
    words = language if language in PUBLIC_PAGE else "fr"
    return f"{town_url(heart, town)}/{words}/{PUBLIC_PAGE[words]}/{reference}"


def key_with(heart: Heart, record: Record, right: Right, *about: str, lasts: timedelta = LINK_LASTS) -> str:
    """A key that has this right over a request alone, for a time, and not once it was handed over."""
    return dated_key(heart.secret, right, record.id, lasts, str(record.holders), *about)


def has_right(heart: Heart, record: Record, right: Right, key: str, *about: str) -> bool:
    """Whether that is such a key."""
    return is_dated_key(heart.secret, right, record.id, key, str(record.holders), *about)


def mail_key(heart: Heart, record: Record, to: str) -> str:
    """The key of the private view in a message to this address or number; it opens nothing once the request has
    another one."""
    return key_with(heart, record, "mail", to.strip().casefold())


def is_mail_key(heart: Heart, record: Record, key: str, to: str) -> bool:
    """Whether that is the key of a message to this address or number."""
    return bool(to) and has_right(heart, record, "mail", key, to.strip().casefold())


def view_url(heart: Heart, town: Jurisdiction, record: Record, to: str) -> str:
    """The private view, as a message to this address links to it."""
    return f"{own_page_url(heart, town, record, record.language)}?{KEY}={mail_key(heart, record, to)}"


def stop_url(heart: Heart, town: Jurisdiction, record: Record) -> str:
    """Where the requester stops further messages, and can do nothing else: a page with a button, robots open links."""
    return _below(heart, town, record, MESSAGES, "messages")


def settled_url(heart: Heart, town: Jurisdiction, record: Record) -> str:
    """Where the requester says whether it is settled, and can do nothing else: a page with buttons, `reponse` being
    what they begin with."""
    return _below(heart, town, record, SETTLED, "settled")


def _below(heart: Heart, town: Jurisdiction, record: Record, page: dict[str, str], right: Right) -> str:
    address = own_page_url(heart, town, record, record.language)
    word = page[record.language if record.language in TRACK else "fr"]
    return f"{address}/{word}?{ONLY}={key_with(heart, record, right)}"


def short_url(heart: Heart, town: Jurisdiction, record: Record, key: str = "") -> str:
    """The private view in few characters: reference and key, that of the receipt or another, behind one letter."""
    key = key or key_for(heart.secret, record.id, record.holders)
    return f"{town_url(heart, town)}/{SHORT}/{record.reference.replace('-', '')}{key}"


def short_stop_url(heart: Heart, town: Jurisdiction, record: Record) -> str:
    """The page that stops messages, in few characters."""
    return f"{short_url(heart, town, record, key_with(heart, record, 'messages'))}/{STOP}"


def follower_url(heart: Heart, town: Jurisdiction, language: str, token: str) -> str:
    """Where somebody who follows another person's request confirms it or stops."""
    words = language if language in FOLLOW else "fr"
    return f"{town_url(heart, town)}/{words}/{FOLLOW[words]}/{token}"


def report_stop_url(heart: Heart, town: Jurisdiction, report: UUID) -> str:
    """Where whoever has a report sent to them stops it, for a time: a page with a button, without signing in."""
    return f"{town_url(heart, town)}/{REPORTS}/{report}/{dated_key(heart.secret, 'report', report, LINK_LASTS)}"


def service_url(heart: Heart, town: Jurisdiction, kind: RequestType, language: str) -> str:
    """Where a request of this type is filed on the portal."""
    words = language if language in APPLY else "fr"
    return f"{town_url(heart, town)}/{words}/{APPLY[words]}/{kind.theme.slug.to(words)}/{kind.slug.to(words)}"
