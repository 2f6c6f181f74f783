"""A pytest plugin that records the statements of each test: their place, value types, and seconds.

It records where `PARVIS_TEST_STATEMENTS` names a folder, and costs a hundredth of a run. What differs between the two
engines is known by what a test does: a statement, rows written together, a question which engine it is, two units of
work open at once.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2s
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import pytest

if TYPE_CHECKING:
    from parvis.db.statements import NewRow

FOLDER = os.environ.get("PARVIS_TEST_STATEMENTS", "")
ON_POSTGRES = os.environ.get("PARVIS_TEST_POSTGRES") == "1"
PRODUCT = re.compile(r"/(?:src|site-packages)/(parvis(?:_\w+)?/.+)$")
TESTS = ("/tests/", "/parvis_testing/", "/_pytest/")
TEST = "a test"
ASKS_FOR_EACH = ("run_querystring",)  # to write the placeholders of each statement
LISTS = re.compile(r"(IN\s*)?(\(\?(?:,\s*\?)*\))((?:,\s*\(\?(?:,\s*\?)*\))*)")
MADE_HERE = re.compile(r"'[0-9a-f]{8}-[0-9a-f]{4}-[^']{22}'|'\d{4}-\d\d-\d\d[ T:\d.+_]*'")
"""An identifier or a moment that stands in the text itself, as in the default of a column."""
INT4 = range(-(2**31), 2**31)

Raw: TypeAlias = tuple[Any, ...]


class Shape(msgspec.Struct, frozen=True):
    """A statement without its values, and the slot of each; list values share one, row values that of their column."""

    text: str
    slots: tuple[int, ...]
    name: str
    """Short, as some texts fill a page."""


class RecordedTest(msgspec.Struct, frozen=True, omit_defaults=True):
    """The trait numbers of one test, in the order of occurrence in its process; `new` occurred first here.

    `alike` is false where processes of Parvis ran beside it, in which nobody looked.
    """

    test: str
    seconds: float
    traits: list[int]
    new: list[str]
    alike: bool = True


def shape_of(sql: str) -> Shape:
    """The shape of a statement, the same whatever the length of lists, the number of rows, or the page."""
    text = re.sub(r"\$\d+", "?", re.sub(r"\b(LIMIT|OFFSET) \d+", r"\1 n", MADE_HERE.sub("'...'", sql)))
    slots: list[int] = []
    next_slot, end, parts = 0, 0, list[str]()
    for found in LISTS.finditer(text):
        for _ in range(text.count("?", end, found.start())):
            slots.append(next_slot)
            next_slot += 1
        width, marks = found[2].count("?"), found[0].count("?")
        if found[1]:
            width = 1
        slots += [next_slot + number % width for number in range(marks)]
        next_slot += width
        parts += [text[end : found.start()], found[1] or "", "(?...)" if found[1] else found[2]]
        end = found.end()
    slots += range(next_slot, next_slot + text.count("?", end))
    whole = "".join((*parts, text[end:]))
    return Shape(whole, tuple(slots), blake2s(whole.encode(), digest_size=8).hexdigest())


@cache
def product_file(file: str) -> str | None:
    """A file of the product, as `parvis/requests/intake.py`."""
    found = PRODUCT.search(file)
    return found[1] if found and not any(each in file for each in TESTS) else None


@cache
def place_of(file: str) -> str | None:
    """The file that uses the database: one of the product outside `db/`, or a test."""
    if any(each in file for each in TESTS):
        return TEST
    found = product_file(file)
    return None if found is None or found.startswith("parvis/db/") else found


class Recorder:
    """Records what the current test does on the engines of this process."""

    def __init__(self) -> None:
        self.done: set[Raw] = set()
        self.open_units: dict[int, str] = {}
        self.processes: list[subprocess.Popen[Any]] = []
        self.numbers: dict[str, int] = {}
        self._shapes: dict[str, Shape] = {}
        self._traits: dict[Raw, tuple[str, ...]] = {}

    def begin(self) -> None:
        self.done.clear()
        self.open_units.clear()

    def end(self, test: str, seconds: float) -> RecordedTest:
        named = sorted({trait for raw in self.done for trait in self._named(raw)})
        new = [trait for trait in named if trait not in self.numbers]
        self.numbers.update({trait: len(self.numbers) + place for place, trait in enumerate(new)})
        beside = bool(self.processes)
        self.processes = [each for each in self.processes if each.poll() is None]
        traits = [self.numbers[trait] for trait in named]
        return RecordedTest(test, round(seconds, 3), traits, new, alike=not beside)

    def sent(self, sql: str, args: Sequence[Any], inside: bool) -> None:
        """A statement goes to the database."""
        site = self.site(sys._getframe(2))
        self.done.add((sql, site, inside))
        if args:
            self.done.add((sql, self._types(args)))

    def written(self, rows: Sequence["NewRow"], begun: bool) -> None:
        """New rows of a unit of work go to the database together."""
        from parvis.db.statements import pieces

        site = self.site(sys._getframe(2))
        for piece in pieces(rows):
            self.done.add((tuple(dict.fromkeys(each.table._meta.tablename for each in piece)), site, begun))
        for each in rows:
            names, values = tuple(each.values), tuple(each.values.values())
            self.done.add((each.table._meta.tablename, names, self._types(values)))

    def entered(self, unit: Any) -> None:
        """A unit of work is opened, beside others."""
        site = self.site(sys._getframe(2))
        self.done.update(("together", *sorted((site, other))) for other in self.open_units.values())
        self.open_units[id(unit)] = site

    def left(self, unit: Any) -> None:
        self.open_units.pop(id(unit), None)

    def asked(self, frame: FrameType) -> None:
        """The product checks its engine."""
        file = product_file(frame.f_code.co_filename)
        if file and frame.f_code.co_name not in ASKS_FOR_EACH:
            self.done.add(("asks", f"{file}:{frame.f_lineno}", self.site(frame), None))

    def site(self, frame: FrameType | None) -> str:
        """The file and line of the product, outside `db/`, that runs this; or a marker for a test."""
        while frame is not None:
            place = place_of(frame.f_code.co_filename)
            if place is not None:
                return place if place is TEST else f"{place}:{frame.f_lineno}"
            frame = frame.f_back
        return TEST

    def _types(self, values: Sequence[Any]) -> tuple[Any, ...]:
        types: tuple[Any, ...] = tuple(map(type, values))
        if int in types and any(type(each) is int and each not in INT4 for each in values):
            return tuple("large" if type(each) is int and each not in INT4 else type(each) for each in values)
        return types

    def _named(self, raw: Raw) -> tuple[str, ...]:
        if raw not in self._traits:
            self._traits[raw] = tuple(self._names(*raw))
        return self._traits[raw]

    def _names(self, what: Any, *more: Any) -> Iterable[str]:
        match what, more:
            case "asks", (where, site, None):
                yield f"asks | {where} | {site}"
            case "together", (one, other):
                yield f"together | {one} | {other}"
            case tuple(), (site, begun):
                yield f"rows of {', '.join(what)} | {site} | {'begun' if begun else 'alone'}"
            case str(), (str() as site, inside):
                shape = self._shape(what)
                yield f"{shape.name} {shape.text} | {site} | {'inside' if inside else 'outside'}"
            case str(), (types,):
                shape = self._shape(what)
                yield from {
                    f"{shape.name} | value {slot} | {_word(each)}"
                    for slot, each in zip(shape.slots, types, strict=False)
                }
            case str(), (names, types):
                yield from (f"{what}.{name} | {_word(each)}" for name, each in zip(names, types, strict=True))

    def _shape(self, sql: str) -> Shape:
        if sql not in self._shapes:
            self._shapes[sql] = shape_of(sql)
        return self._shapes[sql]


def _word(kind: Any) -> str:
    return kind if isinstance(kind, str) else kind.__name__


def listen(recorder: Recorder, patch: pytest.MonkeyPatch) -> None:
    """Hooks the recorder into the engines."""
    from piccolo.engine.base import Engine

    from parvis.db.postgres import PooledTransaction
    from parvis.db.sqlite import KeptTransaction
    from parvis.db.statements import OneDoor

    send, kind = OneDoor.send, vars(Engine)["engine_type"]

    def sent(self: Any, sql: str, args: list[Any]) -> Awaitable[Any]:
        recorder.sent(sql, args, self.current_transaction.get() is not None)
        return send(self, sql, args)

    def engine_type(self: Any) -> Any:
        recorder.asked(sys._getframe(1))
        return kind.__get__(self)

    patch.setattr(OneDoor, "send", sent)
    patch.setattr(OneDoor, "engine_type", property(engine_type, kind.__set__), raising=False)
    for unit in (KeptTransaction, PooledTransaction):
        _listen_to_units(unit, recorder, patch)
    _listen_to_processes(recorder, patch)


def _listen_to_units(unit: Any, recorder: Recorder, patch: pytest.MonkeyPatch) -> None:
    enter, leave, catch_up, commit = unit.__aenter__, unit.__aexit__, unit.catch_up, unit.commit

    async def entered(self: Any) -> Any:
        recorder.entered(self)
        try:
            return await enter(self)
        except BaseException:
            recorder.left(self)
            raise

    async def left(self: Any, *error: Any) -> Any:
        try:
            return await leave(self, *error)
        finally:
            recorder.left(self)

    def caught_up(self: Any) -> Awaitable[None]:
        if self.kept:
            recorder.written(self.kept, True)
        return catch_up(self)  # type: ignore[no-any-return]

    def committed(self: Any) -> Awaitable[None]:
        if self.kept and not self.begun:
            recorder.written(self.kept, False)
        return commit(self)  # type: ignore[no-any-return]

    for name, instead in (("__aenter__", entered), ("__aexit__", left), ("catch_up", caught_up), ("commit", committed)):
        patch.setattr(unit, name, instead)


def _listen_to_processes(recorder: Recorder, patch: pytest.MonkeyPatch) -> None:
    start: Callable[..., None] = subprocess.Popen.__init__

    def started(self: subprocess.Popen[Any], args: Any, *more: Any, **named: Any) -> None:
        start(self, args, *more, **named)
        if not isinstance(args, str | bytes) and sys.executable in map(str, args):
            recorder.processes.append(self)

    patch.setattr(subprocess.Popen, "__init__", started)


class StatementsOfTests:
    """Writes one line for each test with a database into a file of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recorder = Recorder()
        self.failed = False
        self.patch = pytest.MonkeyPatch()

    def pytest_collection_finish(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        listen(self.recorder, self.patch)

    def pytest_unconfigure(self) -> None:
        self.patch.undo()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        self.failed = False
        is_recorded = bool(item.get_closest_marker("database")) and not item.get_closest_marker("browser")
        before = [*self.recorder.processes]
        self.recorder.begin()
        began = time.perf_counter()
        result = yield
        if not is_recorded:  # a town served to browsers until the run ends is beside no test that is recorded
            self.recorder.processes = before
        elif not self.failed:
            line = msgspec.json.encode(self.recorder.end(item.nodeid, time.perf_counter() - began))
            with open(self.folder / f"{os.getpid()}.jsonl", "ab") as file:
                file.write(line + b"\n")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Iterator[Any]:
        report = yield
        self.failed = self.failed or report.outcome != "passed"
        return report


def pytest_configure(config: pytest.Config) -> None:
    if FOLDER and not (hasattr(config.option, "dist") and config.getoption("numprocesses", None)):
        engine = "postgres" if ON_POSTGRES else "sqlite"
        config.pluginmanager.register(StatementsOfTests(Path(FOLDER, engine)), "statements-of-tests")
