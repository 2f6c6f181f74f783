"""What a run of tests is: its order, its event loop, and what `parvis_testing` brings where the host is installed.

Plugins are tested where only the sdk is installed: nothing of the host is imported there.
"""

import gc
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest

pytest.register_assert_rewrite("parvis_testing")
DATABASES = {"database_url", "database_of_module", "own_url", "on_postgres"}  # what asks for one is marked so
HOUSE = Path(__file__).parent / "tests"
JOURNEYS = HOUSE / "journeys"
LONGEST = {JOURNEYS / f"test_every_page_in_{language}.py" for language in ("french", "english")}
OURS = [
    "parvis_testing.machine",
    "parvis_testing.databases",
    "parvis_testing.plain_log",
    "parvis_testing.made_once",
    "parvis_testing.recorded_statements",
    "parvis_testing.chosen_for_postgres",
]
pytest_plugins = OURS if find_spec("parvis") else []
FAILED = pytest.StashKey[bool]()
FOLDERS = count()


def pytest_configure(config: pytest.Config) -> None:
    with suppress(ImportError):  # whether a test passes is not for the speed of a machine to say
        from hypothesis import settings

        settings.register_profile("any machine", deadline=None)
        settings.load_profile("any machine")


def pytest_collection() -> None:
    gc.disable()  # what is imported and collected stays: to look through it again and again takes a third of the time


def pytest_collection_finish() -> None:
    gc.freeze()  # nor does any test look through it
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if DATABASES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)
        if os.environ.get("CI") and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))  # a busy machine may starve it; it is named (ADR 159)
    items[:] = in_order_of_files(items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    tests = Counter(distribution_of(item.nodeid) for item in items)
    items.sort(key=lambda item: (*begun(item.path, item.path in slow), *largest_first(item, tests)))


def begun(file: Path, is_slow: bool) -> tuple[bool, ...]:
    """Begun first is what takes longest, so that no process waits for another at the end: what is marked, then what is
    tried with everything that is installed.

    The longest of all make the town of the journeys while the others try what needs none; and what waits stands
    beside them, not at the end, where nobody would use the processor meanwhile.
    """
    return (not is_slow, HOUSE not in file.parents, file not in LONGEST, JOURNEYS in file.parents)


def largest_first(item: pytest.Item, tests: Counter[str]) -> tuple[bool, int]:
    """Of the distributions, which come last, that with the most tests; small ones end a run."""
    name = distribution_of(item.nodeid)
    return bool(name), 0 if os.environ.get("PARVIS_TEST_ORDER") else -tests[name]


def distribution_of(test: str) -> str:
    """The folder of the distribution under plugins/ that a test belongs to, or nothing."""
    parts = test.split("/")
    return "/".join(parts[:2]) if parts[0] == "plugins" else ""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where files stay together (`--dist loadfile`), those of a distribution do too, if there are enough of them: what
    they share, an application, a migrated database, is made in one process and not in each.
    """
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByDistribution(LoadFileScheduling):
        @cached_property
        def many(self) -> bool:
            return len({*map(distribution_of, self.collection)} - {""}) > self.numnodes

        def _split_scope(self, nodeid: str) -> str:
            return (self.many and distribution_of(nodeid)) or str(super()._split_scope(nodeid))

    return ByDistribution(config, log)


def in_order_of_files(items: list[pytest.Item]) -> list[pytest.Item]:
    """As they are found; files in an order that `PARVIS_TEST_ORDER` makes, the same in each process, when it is set."""
    order = os.environ.get("PARVIS_TEST_ORDER", "")
    if not order:
        return items
    return sorted(items, key=lambda item: sha256(f"{order} {item.path.name}".encode()).digest())


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that no other test had, and that goes with a test that passes; `PARVIS_TEST_FOLDERS=1` keeps it.

    Six thousand databases would go to the disk else, and pytest looks through all folders to number the next (ADR 206).
    """
    name = re.sub(r"\W", "_", request.node.name)[:26]
    folder = tmp_path_factory.mktemp(f"{name}{next(FOLDERS)}", numbered=False)
    yield folder
    if not (request.node.stash.get(FAILED, False) or os.environ.get("PARVIS_TEST_FOLDERS")):
        shutil.rmtree(folder, ignore_errors=True)
