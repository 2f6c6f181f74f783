"""The public list for machines: Atom and RSS for what is new, GeoJSON to draw it; the same filters and facts."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime as rfc_822
from html import escape
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import msgspec
from litestar import Request, Response, get

from parvis import clock
from parvis.i18n import format_date, gettext, say
from parvis.requests.links import town_url
from parvis.requests.lists.search import Row
from parvis.web.addresses import address, patterns
from parvis.web.portal.visit import AtPortal, Visit
from parvis_public_requests.features import feature_collection
from parvis_public_requests.portal.chosen import RequestFilters, addressed, chosen_in, words_in_title
from parvis_public_requests.portal.listing import FEEDS, a_page

AnyRequest = Request[Any, Any, Any]
ENTRIES = 50
FEATURES = 200
ATOM, GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FRESH = {"cache-control": "public, max-age=120", "access-control-allow-origin": "*"}
FRESH |= {"access-control-expose-headers": "Link, ETag", "cross-origin-resource-policy": "cross-origin"}
ET.register_namespace("atom", ATOM)
ET.register_namespace("georss", GEORSS)


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """One list as every feed tells it; addresses are whole."""

    title: str
    town: str
    host: str
    code: str
    language: str
    itself: str
    page: str
    rows: tuple[Row, ...]
    root: str
    zones: dict[str, str]

    def id_of(self, row: Row) -> str:
        """The same for ever, whatever becomes of the request or of the addresses of its pages."""
        return f"tag:{self.host},{row.submitted_at:%Y}:{self.code}/{row.reference}"

    def page_of(self, reference: str) -> str:
        return f"{self.root}{address(self.language, ':public', reference)}"

    @property
    def changed_at(self) -> datetime:
        return max((row.state_since for row in self.rows), default=datetime(2026, 1, 1, tzinfo=clock.now().tzinfo))


async def feed_of(here: Visit, chosen: RequestFilters, kind: str) -> Feed:
    found = await a_page(here, chosen, "", ENTRIES)
    root = town_url(here.host, here.town)
    said = ", ".join(words_in_title(here, chosen))
    town, title = say(here.town.name), gettext("Public requests")
    return Feed(
        title=f"{title}{gettext(':')} {said} – {town}" if said else f"{title} – {town}",
        town=town,
        host=urlsplit(root).hostname or here.town.code,
        code=here.town.code,
        language=here.language,
        itself=f"{root}{addressed(address(here.language, f':{kind}'), chosen)}",
        page=f"{root}{addressed(address(here.language, ':list'), chosen)}",
        rows=found.rows,
        root=root,
        zones={zone.code: say(zone.name) for zone in here.town.zones},
    )


@get(patterns(":atom"), name="public-atom", for_everybody=True)
async def atom(here: AtPortal, request: AnyRequest) -> Response[bytes]:
    """The newest fifty as Atom (RFC 4287), each with its point as GeoRSS."""
    feed = await feed_of(here, await chosen_in(here, request.query_params), "atom")
    return told(as_atom(feed), "atom")


@get(patterns(":rss"), name="public-rss", for_everybody=True)
async def rss(here: AtPortal, request: AnyRequest) -> Response[bytes]:
    """The same as RSS 2.0."""
    feed = await feed_of(here, await chosen_in(here, request.query_params), "rss")
    return told(as_rss(feed), "rss")


@get(patterns(":geojson"), name="public-geojson", for_everybody=True)
async def geojson(here: AtPortal, request: AnyRequest) -> Response[bytes]:
    """Two hundred at a time as GeoJSON; the address of those that follow stands in the header `Link`."""
    chosen = await chosen_in(here, request.query_params)
    found = await a_page(here, chosen, request.query_params.get("cursor", "")[:200], FEATURES)
    root = town_url(here.host, here.town)
    shown = feature_collection(
        found.rows, here.language, lambda reference: f"{root}{address(here.language, ':public', reference)}"
    )
    path = f"{root}{address(here.language, ':geojson')}"
    headers = {**FRESH}
    if found.next_cursor:
        headers["link"] = f'<{addressed(path, chosen, cursor=found.next_cursor)}>; rel="next"'
    return Response(msgspec.json.encode(shown), media_type=FEEDS["geojson"], headers=headers)


def told(root: ET.Element, kind: str) -> Response[bytes]:
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(content, media_type=f"{FEEDS[kind]}; charset=utf-8", headers=FRESH)


def as_atom(feed: Feed) -> ET.Element:
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": f"{feed.language}-CA"})
    text(root, "id", feed.itself)
    text(root, "title", feed.title)
    text(root, "updated", moment(feed.changed_at))
    text(ET.SubElement(root, "author"), "name", feed.town)
    ET.SubElement(root, "link", {"rel": "self", "href": feed.itself, "type": FEEDS["atom"]})
    ET.SubElement(root, "link", {"rel": "alternate", "href": feed.page, "type": "text/html"})
    for row in feed.rows:
        entry = ET.SubElement(root, "entry")
        text(entry, "id", feed.id_of(row))
        text(entry, "title", title_of(row, feed))
        text(entry, "published", moment(row.submitted_at))
        text(entry, "updated", moment(row.state_since))
        ET.SubElement(entry, "link", {"rel": "alternate", "href": feed.page_of(row.reference)})
        ET.SubElement(entry, "category", {"term": row.type, "label": row.title.to(feed.language)})
        text(entry, "summary", " ".join(sentences(row, feed)))
        pinned(entry, row)
    return root


def as_rss(feed: Feed) -> ET.Element:
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    for name, value in (("title", feed.title), ("link", feed.page), ("description", feed.title)):
        ET.SubElement(channel, name).text = valid(value)
    ET.SubElement(channel, "language").text = f"{feed.language}-ca"
    itself = {"rel": "self", "href": feed.itself, "type": FEEDS["rss"]}
    ET.SubElement(channel, f"{{{ATOM}}}link", itself)
    for row in feed.rows:
        item = ET.SubElement(channel, "item")
        ET.SubElement(item, "title").text = as_markup(title_of(row, feed))
        ET.SubElement(item, "link").text = feed.page_of(row.reference)
        ET.SubElement(item, "guid", {"isPermaLink": "false"}).text = feed.id_of(row)
        ET.SubElement(item, "pubDate").text = rfc_822(row.submitted_at)
        ET.SubElement(item, "category").text = valid(row.title.to(feed.language))
        ET.SubElement(item, "description").text = as_markup(" ".join(sentences(row, feed)))
        pinned(item, row)
    return root


def title_of(row: Row, feed: Feed) -> str:
    title = row.title.to(feed.language)
    return f"{title}, {row.address}" if row.address else title


def sentences(row: Row, feed: Feed) -> Iterator[str]:
    """The facts of a line of the list, as sentences."""
    yield f"{row.state_title.to(feed.language)}."
    if row.zone in feed.zones:
        yield f"{feed.zones[row.zone]}."
    yield gettext("Received on %(day)s.") % {"day": format_date(row.submitted_at)}
    if row.promised_at and row.promise == "running":
        yield gettext("Promised by %(day)s.") % {"day": format_date(row.promised_at)}


def pinned(entry: ET.Element, row: Row) -> None:
    if row.lon is not None and row.lat is not None:
        ET.SubElement(entry, f"{{{GEORSS}}}point").text = f"{row.lat} {row.lon}"


def text(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, name).text = valid(words)


def valid(words: str) -> str:
    return NOT_IN_XML.sub("", words)


def as_markup(words: str) -> str:
    """For RSS, whose readers take titles and descriptions for HTML; those of Atom take them as they are."""
    return escape(valid(words), quote=False)


def moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
