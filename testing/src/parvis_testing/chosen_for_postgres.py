"""A pytest plugin that selects the tests to repeat on PostgreSQL, by what each did on SQLite in the same run.

A test is left out when two others, which stay, do each thing that it did: `parvis_testing.recorded_statements` says
what that is. One of which nothing is written down stays, so that without a record nothing is left out.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from parvis_testing.recorded_statements import FOLDER, ON_POSTGRES, RecordedTest

TWICE = 2
ASK_FOR_AN_ENGINE = {"on_postgres", "postgres_server"}
SAID = pytest.StashKey[list["Choice"]]()


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The number of tests to run by reason, the number left out, and the number of distinct traits."""

    left_out: int = 0
    without_record: int = 0
    both_engines: int = 0
    covering: int = 0
    traits: int = 0

    def __str__(self) -> str:
        stay = self.without_record + self.both_engines + self.covering
        return (
            f"left out {self.left_out:,} of {stay + self.left_out:,} tests: each of the {self.traits:,} things that "
            f"all did on SQLite (statements from a line of the product, types of values, questions which engine it is, "
            f"units at once) is done by at least two tests here, or by the only one; of those that ran, "
            f"{self.covering:,} for this, {self.both_engines:,} on both engines always, {self.without_record:,} "
            f"without a record"
        )


def recorded(folder: Path) -> dict[str, RecordedTest]:
    """The traits of each test, numbered consistently; tests recorded twice are excluded."""
    numbers: dict[str, int] = {}
    found: dict[str, RecordedTest] = {}
    twice: set[str] = set()
    for file in sorted(folder.glob("*.jsonl")):
        met: list[int] = []
        for line in file.read_bytes().splitlines():
            each = msgspec.json.decode(line, type=RecordedTest)
            met += [numbers.setdefault(trait, len(numbers)) for trait in each.new]
            if each.test in found:
                twice.add(each.test)
            found[each.test] = msgspec.structs.replace(each, traits=[met[number] for number in each.traits], new=[])
    return {name: each for name, each in found.items() if name not in twice}


def not_needed(records: Mapping[str, RecordedTest], always: Collection[str]) -> set[str]:
    """The tests that can be left out, slowest first: two remaining tests have each of their traits."""
    done = Counter(trait for each in records.values() for trait in each.traits)
    out: set[str] = set()
    for each in sorted(records.values(), key=lambda each: (-each.seconds, each.test)):
        if each.test not in always and all(done[trait] > TWICE for trait in each.traits):
            done.subtract(each.traits)
            out.add(each.test)
    return out


def is_for_both(item: pytest.Item) -> bool:
    """A test with the marker, or one that checks its engine."""
    return bool(item.get_closest_marker("both_engines")) or not ASK_FOR_AN_ENGINE.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def choose(items: Iterable[pytest.Item], found: Mapping[str, RecordedTest]) -> tuple[set[str], Choice]:
    """The tests to leave out, and the summary."""
    items = list(items)
    records = {each.nodeid: found[each.nodeid] for each in items if each.nodeid in found}
    both = {each.nodeid for each in items if is_for_both(each)} | {
        name for name, each in records.items() if not each.alike
    }
    out = not_needed(records, both)
    choice = Choice(
        left_out=len(out),
        without_record=sum(each.nodeid not in records for each in items),
        both_engines=len(both & records.keys()),
        covering=len(records.keys() - both - out),
        traits=len({trait for each in records.values() for trait in each.traits}),
    )
    return out, choice


class ChosenForPostgres:
    """Deselects the tests that bring nothing new on PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        out, choice = choose(items, recorded(self.folder))
        config.hook.pytest_deselected(items=[each for each in items if each.nodeid in out])
        items[:] = [each for each in items if each.nodeid not in out]
        config.stash[SAID].append(choice)
        if hasattr(config, "workeroutput"):
            config.workeroutput["chosen_for_postgres"] = msgspec.to_builtins(choice)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        if said := getattr(node, "workeroutput", {}).get("chosen_for_postgres"):
            node.config.stash[SAID].append(msgspec.convert(said, Choice))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        for line in dict.fromkeys(map(str, config.stash[SAID])):
            terminalreporter.write_line(line)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SAID] = []
    if FOLDER and ON_POSTGRES:
        config.pluginmanager.register(ChosenForPostgres(Path(FOLDER, "sqlite")), "chosen-for-postgres")
