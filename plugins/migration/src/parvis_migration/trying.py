"""A dry run: what would become of each row of a file, with nothing written."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from itertools import islice

from msgspec import Struct, structs

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.trying import Failure, caught_at_once
from parvis.requests.host import Host
from parvis_migration.attached import OldFiles
from parvis_migration.findings import found
from parvis_migration.judging import Judge, Judged, Outcome
from parvis_migration.linking import JudgedLinks, has_links, judged_links
from parvis_migration.mapping import FieldMapping
from parvis_migration.origins import numbers_here, origins_of
from parvis_migration.sources import Source
from parvis_sdk.text import Text

AT_ONCE = 500  # rows whose requests are asked for by one statement
Told = Callable[[Judged, str], None]
"""Called with each row, and the reference of its request if it has one. No row is kept afterwards."""


class Trial(Struct, kw_only=True):
    """What became of the rows of a file, counted one after the other."""

    rows: int
    outcomes: Counter[Outcome]
    reasons: Counter[tuple[str, str]]  # by the code of a finding and its column
    types: Counter[str]
    due: Counter[str]  # by type: whose retention is over already
    became: dict[str, Outcome]  # the numbers of a file with links
    told: tuple[Text, ...] = ()  # of the whole source
    late: int = 0
    first: datetime | None = None
    last: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every row is accounted for."""
        return self.rows == sum(self.outcomes.values())

    def count(self, judge: Judge, judged: Judged) -> None:
        """One more row."""
        self.outcomes[judged.outcome] += 1
        self.reasons.update((told.code, told.column) for told in judged.findings)
        if has_links(judge.mapping) and judged.outcome != "duplicate":
            self.became[judged.number] = judged.outcome
        past = judged.past
        if past is None or judged.outcome not in ("new", "changed"):
            return
        at = past.request.submitted_at
        self.types[past.request_type.code] += 1
        self.late += judge.is_late(past)
        if past.destroyed_at and past.destroyed_at <= clock.now():
            self.due[past.request_type.code] += 1
        self.first, self.last = min(self.first or at, at), max(self.last or at, at)


def trial_of(source: Source) -> Trial:
    """Nothing counted yet of the rows of a file."""
    rows = len(source.rows) + len(source.broken)
    return Trial(
        rows=rows, outcomes=Counter(), reasons=Counter(), types=Counter(), due=Counter(), became={}, told=source.told
    )


async def try_out(
    host: Host, town: Jurisdiction, mapping: FieldMapping, source: Source, told: Told, old: OldFiles | None = None
) -> Trial:
    """What an import of this file would do, with the files that its rows name."""
    judge, trial = Judge(host, town, mapping, source, old), trial_of(source)
    async for judged in judged_in(judge):
        trial.count(judge, judged)
        told(judged, judge.reference_of(judged))
    if has_links(mapping):
        async for links in judged_links(town, mapping, source, trial.became):
            tell_bad_links(links, trial, told)
    return trial


def tell_bad_links(links: JudgedLinks, trial: Trial, told: Told) -> None:
    """One more thing to know of each row whose link cannot be made."""
    for link, code in links.bad:
        finding = found(code, column=link.column, value=link.other)
        trial.reasons[(code, link.column)] += 1
        row = Judged(line=link.line, number=link.number, outcome=trial.became[link.number], findings=(finding,))
        origin = links.origins.get(link.number)
        told(row, origin.reference if origin else "")


async def judged_in(judge: Judge) -> AsyncIterator[Judged]:
    """Each row of a file, and each line that is no row."""
    rows = iter(judge.source.rows)
    while some := list(islice(rows, AT_ONCE)):
        judge.origins = await origins_of(sorted({key for _, row in some for key in judge.keys_of(row)}))
        judge.here = await numbers_here(judge.town, judge.mapping.source, (judge.number_of(row) for _, row in some))
        for line, row in some:
            answer = caught_at_once(partial(judge.judge, line, row))
            if isinstance(answer, Failure):
                refused = Judged(line=line, number=judge.number_of(row), outcome="refused")
                yield with_failure(refused, answer)
            else:
                yield answer.value
    for line, why in judge.source.broken:
        yield Judged(line=line, number="", outcome="refused", findings=(found("broken", said=why),))


def with_failure(judged: Judged, failure: Failure) -> Judged:
    """A row that raised: it is told as not brought in, with what was raised."""
    said = Text(fr=failure.to("fr"), en=failure.to("en"))
    told = (*judged.findings, found("not_taken", said=said))
    return structs.replace(judged, outcome="refused", findings=told, past=None)
