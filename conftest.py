"""What a run of tests is: its order, its event loop, and what `parvis.testing` brings where the host is installed.

Plugins are tested where only the sdk is installed: nothing of the host is imported there.
"""

import os
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec

import pytest

pytest.register_assert_rewrite("parvis.testing")
pytest_plugins = ["parvis.testing.machine", "parvis.testing.databases"] if find_spec("parvis") else []


def pytest_configure(config: pytest.Config) -> None:
    with suppress(ImportError):  # whether a test passes is not for the speed of a machine to say
        from hypothesis import settings

        settings.register_profile("any machine", deadline=None)
        settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"database_url", "database_of_module", "on_postgres"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)
    items[:] = in_order_of_files(items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)  # begun first, so that no process waits for another at the end


def in_order_of_files(items: list[pytest.Item]) -> list[pytest.Item]:
    """As they are found; files in an order that `PARVIS_TEST_ORDER` makes, the same in each process, when it is set."""
    order = os.environ.get("PARVIS_TEST_ORDER", "")
    if not order:
        return items
    return sorted(items, key=lambda item: sha256(f"{order} {item.path.name}".encode()).digest())


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
