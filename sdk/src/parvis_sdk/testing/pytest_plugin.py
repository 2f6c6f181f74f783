"""What pytest loads by itself where the sdk is installed: the fixtures `desk` and `exchange`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from parvis_sdk.testing.desk import Desk
    from parvis_sdk.testing.exchange import Exchange


@pytest.fixture
def parvis_plugin() -> Any:
    """The module with the hooks; an author's conftest says which."""
    pytest.fail("define the fixture parvis_plugin in conftest.py: it returns the module with your hooks")


@pytest.fixture
def desk(parvis_plugin: Any) -> "Desk":
    """A pretend desk at which the plugin of this project is installed."""
    from parvis_sdk.testing.desk import Desk  # late: what imports the contract early is not measured by coverage

    return Desk(parvis_plugin)


@pytest.fixture
def exchange() -> "Iterator[Exchange]":
    """A scripted other system; at the end, whatever was expected must have been asked."""
    from parvis_sdk.testing.exchange import Exchange

    script = Exchange()
    yield script
    unplayed = script.unplayed()
    assert not unplayed, f"never asked: {', '.join(unplayed)}"
