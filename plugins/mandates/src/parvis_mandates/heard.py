"""What the module answers to the core's hooks: mandates in the export of a request."""

from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.whole_file import FileLine, SectionSource
from parvis_mandates.mandates import OPEN_ENDED, Mandate, mandates_of
from parvis_mandates.titles import UNTIL
from parvis_sdk.quantities import day_shown
from parvis_sdk.text import Text

TITLE = Text(fr="Mandats", en="Mandates")
LINE = Text(
    fr="{name}, au nom de {represented}\u00a0: {kind}, {until}. Preuve vue\u00a0: {proof}.",
    en="{name}, on behalf of {represented}: {kind}, {until}. Proof seen: {proof}.",
)


async def lines(host: Host, record: Record, language: str) -> tuple[FileLine, ...]:
    """Each mandate, who wrote it down and when; none of a confidential request, whose people are named nowhere."""
    if record.identity == "confidential":
        return ()
    return tuple(_line(mandate) for mandate in await mandates_of(record))


def _line(mandate: Mandate) -> FileLine:
    until = UNTIL.format(day=day_shown(mandate.until)) if mandate.until else OPEN_ENDED
    named = {"name": mandate.name, "represented": mandate.represented, "proof": mandate.proof}
    names = ("kind", "email", "phone", "until", "ended_at", "ended_by")
    return FileLine(
        words=LINE.format(kind=mandate.kind_title, until=until, **named),
        by=mandate.seen_by,
        at=mandate.made_at,
        data={**named, **{name: getattr(mandate, name) for name in names}},
    )


SECTION = SectionSource(name="mandates", title=TITLE, lines=lines)
