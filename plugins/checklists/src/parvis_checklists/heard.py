"""What the module answers to the core's hooks: checklists in the export of a request."""

from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.whole_file import FileLine, SectionSource
from parvis_checklists.items import Item, items_of
from parvis_sdk.text import Text

TITLE = Text(fr="Liste de vérification", en="Checklist")


async def lines(host: Host, record: Record, language: str) -> tuple[FileLine, ...]:
    """Each line, whether it is done, by whom and when."""
    return tuple(_line(item, language) for item in await items_of(record))


def _line(item: Item, language: str) -> FileLine:
    return FileLine(
        words=item.words.each(lambda words, _: f"{'☑' if item.done_at else '☐'} {words}" if words else words),
        by=item.done_by,
        at=item.done_at,
        data={"words": item.words.to(language), "done_at": item.done_at, "done_by": item.done_by},
    )


SECTION = SectionSource(name="checklist", title=TITLE, lines=lines)
