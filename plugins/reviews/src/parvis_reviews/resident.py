"""Who is being asked for an opinion on one's request, and by when; what they said only where that is declared."""

from uuid import UUID

from parvis.i18n import gettext
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import TrackedRequest, own_address
from parvis_reviews.shown import shown_reviews, state_words
from parvis_sdk.reviews import Review


async def review_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """The panel of the private page; None before any opinion is asked for."""

    def file_at(task: UUID, id: str) -> str:
        return own_address(here, found, ":files", id)

    shown = await shown_reviews(here.host, found.record, found.request_type, found.viewer, file_at, {})
    reviews = [review for review in shown if review.tasks]
    values = {"reviews": reviews, "state_words": state_words}
    return Panel(template="reviews/resident_box.html", values=values) if reviews else None


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="opinions",
    after="delays",
    title=lambda: gettext("Opinions"),
    right="messages",
    applies=lambda here, found: bool(found.request_type.of(Review)),
    draw=review_panel,
)
