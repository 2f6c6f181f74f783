"""What is done again and again: batches that a killed process left are taken up, and old ones go."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis.viewers import viewer_of_agent
from parvis_bulk_actions.batches import resume
from parvis_bulk_actions.repeats import forget_repeats
from parvis_sdk.text import Text

TITLE = Text(fr="Actions groupées en cours", en="Bulk actions in progress")
OLD_ROWS = Text(fr="Anciennes lignes reçues par l’API", en="Old rows received through the API")


def chores_of(host: Host) -> tuple[Chore, ...]:
    """Also where the module was switched off: what somebody began is done for each of those that they chose."""
    work = partial(resume, host, partial(viewer_of_agent, host))
    return (
        Chore(name="batches", every=timedelta(minutes=1), work=work, by_date=False, title=TITLE, also_off=True),
        Chore(
            name="written_rows",
            every=timedelta(hours=1),
            work=partial(forget_repeats, host),
            by_date=True,
            title=OLD_ROWS,
            also_off=True,
        ),
    )
