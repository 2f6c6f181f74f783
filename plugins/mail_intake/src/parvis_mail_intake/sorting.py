"""Mail that stands on no request yet: where it lies, and when what machines wrote is emptied."""

from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Row
from parvis.requests.host import Host
from parvis_mail_intake.personal import WORDS, holder_of
from parvis_mail_intake.tables import IncomingMail
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_sorting.messages import IncomingMessage, Pile, discard_files, message_in

ASIDE_DAYS = timedelta(days=30)
SENT_BY = Text(fr="Courriel de {sender}, «\u00a0{subject}\u00a0»", en="Email from {sender}, “{subject}”")


def _is_of(mail: IncomingMessage, person: Requester) -> bool:
    return bool(person.email) and person.email.casefold() == mail.sender.casefold()


MAIL = Pile(
    table=IncomingMail,
    empty=WORDS,
    holder=holder_of,
    heading=lambda mail: SENT_BY.format(sender=mail.sender or "?", subject=mail.subject),
    is_of=_is_of,
)


async def empty_aside(host: Host) -> int:
    """Empty what machines and bulk senders wrote once nobody asked for it within thirty days; how many."""
    old = (IncomingMail.state == "aside") & (IncomingMail.received_at < clock.now() - ASIDE_DAYS)
    rows = await IncomingMail.select().where(old).limit(200)
    gone: Row = {**WORDS, IncomingMail.state: "dropped", IncomingMail.settled_at: clock.now()}
    for row in rows:
        async with transaction(host.engine):
            await IncomingMail.update(gone).where((IncomingMail.id == row["id"]) & (IncomingMail.state == "aside"))
        await discard_files(MAIL, host, message_in(row))
    return len(rows)
