"""What a module leaves as data while it is here, so that it is obeyed when its code is gone: erasure, words, names."""

import re
from collections.abc import Iterator, Mapping
from functools import partial

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.statements import columns_there
from parvis.db.tables import ModulePlan
from parvis.jurisdictions import Jurisdiction
from parvis.modules import InstalledModule, ModuleRegistry, part, parts
from parvis.requests.entry_words import EntryWords, Made
from parvis.requests.history import Entry
from parvis.requests.personal import ErasureRule, OfAddress, Personal, StoredContent
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

UNSAID = re.compile(r"\{\w+\}")  # a brace that only the code of the module could have filled


class Plan(Struct, frozen=True, kw_only=True):
    """What one module said when it was last here. `kinds` are its kinds of part, by their words."""

    module: str
    tables: tuple[str, ...] = ()
    personal: tuple[Personal, ...] = ()
    needed: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    addressed: tuple[OfAddress, ...] = ()
    closed: tuple[Personal, ...] = ()
    contents: tuple[StoredContent, ...] = ()
    titles: dict[str, Text] = {}
    kinds: dict[str, Text] = {}

    @property
    def erasure(self) -> ErasureRule:
        """What goes with a request or a closed account, and what keeps it, as far as data can say it."""
        return ErasureRule(
            personal=self.personal,
            needed=self.needed,
            typed=self.typed,
            addressed=self.addressed,
            closed=self.closed,
            contents=self.contents,
        )

    @property
    def words(self) -> EntryWords:
        """What its entries are called."""
        made: dict[str, Made] = {kind: partial(_title, title) for kind, title in self.titles.items()}
        return EntryWords(titles=self.titles, made=made)


class FormerModules:
    """The plans of modules that were removed, as this process found them when it started."""

    def __init__(self) -> None:
        self.plans: tuple[Plan, ...] = ()

    async def look(self, registry: ModuleRegistry) -> None:
        """Read those of modules that are not here; one whose tables were taken away has nothing left to be done."""
        here = {each.name for each in registry.modules}
        plans = [plan for plan in await _kept() if plan.module not in here]
        self.plans = tuple([plan for plan in plans if await _stands(plan)])

    def kinds(self) -> Mapping[str, Text]:
        """What the kinds of part are called that nobody looks after any more."""
        return {word: title for plan in self.plans for word, title in plan.kinds.items()}


async def keep_plans(engine: Engine, registry: ModuleRegistry) -> int:
    """Keep what the modules say that are here, as they say it now; how many said something new."""
    before = {plan.module: plan for plan in await _kept()}
    news = [plan for each in registry.modules if before.get(each.name) != (plan := plan_of(each))]
    if news:
        async with transaction(engine):
            for plan in news:
                row = ModulePlan(module=plan.module, plan=msgspec.json.encode(plan).decode(), at=clock.now())
                await ModulePlan.delete().where(ModulePlan.module == plan.module)
                await ModulePlan.insert(row).on_conflict(target=ModulePlan.module, action="DO NOTHING")
    return len(news)


def plan_of(each: InstalledModule) -> Plan:
    """What a module says now."""
    named = parts(each.module)
    rule = part(named["personal"]).ERASURE if "personal" in named else ErasureRule()
    words = part(named["words"]).WORDS if "words" in named else EntryWords()
    kinds = part(named["part_kinds"]).PART_KINDS if "part_kinds" in named else ()
    return Plan(
        module=each.name,
        tables=each.table_names,
        personal=(*rule.personal, *rule.once_removed),
        needed=rule.needed,
        typed=rule.typed,
        addressed=rule.addressed,
        closed=rule.closed,
        contents=rule.contents,
        titles=words.titles,
        kinds={kind.word: kind.named for kind in kinds},
    )


async def _kept() -> Iterator[Plan]:
    rows = await ModulePlan.select(ModulePlan.plan).order_by(ModulePlan.module)
    return (msgspec.json.decode(row["plan"], type=Plan) for row in rows)


async def _stands(plan: Plan) -> bool:
    names = {*plan.tables, *(each.table for each in plan.personal)}
    return all([await columns_there(name) for name in names])


def _title(title: Text, request_type: RequestType, town: Jurisdiction | None, entry: Entry) -> Text:
    filled = title.format(**{name: value for name, value in entry.body.items() if isinstance(value, str | int)})
    return filled.each(lambda words, language: UNSAID.sub("…", words))
