"""Boxes on pages of the host: that one may follow a public request, and the button of the link that confirms it."""

from parvis.i18n import gettext
from parvis.requests.persons.followers import FollowerState, confirm, count_followers
from parvis.requests.records import Record
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.joining import FollowerAct
from parvis.web.portal.visit import Visit
from parvis_following.portal.similar import follow_address

COUNTED = 2  # followers, from which on their number is told


async def offer_panel(here: Visit, record: Record) -> Panel:
    """Where one asks to follow, and how many do."""
    following = await count_followers(record)
    values = {
        "href": follow_address(here.language, record.reference),
        "following": following if following >= COUNTED else 0,
    }
    return Panel(template="following/offer.html", values=values)


OFFER_PANEL: PagePanel[Visit, Record] = PagePanel(
    slot="portal.request.side",
    name="following",
    title=lambda: gettext("Follow this request"),
    applies=lambda here, record: record.phase != "closed",
    draw=offer_panel,
)


async def confirm_panel(here: Visit, found: FollowerState) -> Panel:
    """A button for those who have asked, or who have stopped."""
    return Panel(template="following/confirm.html", values={"again": found.state != "asked"})


CONFIRM_PANEL: PagePanel[Visit, FollowerState] = PagePanel(
    slot="portal.following",
    name="following",
    title=lambda: gettext("Follow this request"),
    applies=lambda here, found: found.state != "active" and found.link == "good",
    draw=confirm_panel,
)


async def confirm_link(here: Visit, token: str) -> object:
    """From then on this person is told; None where the link is no good."""
    return await confirm(here.host, token)


CONFIRMING = FollowerAct(slot="portal.following", name="confirm", act=confirm_link)
