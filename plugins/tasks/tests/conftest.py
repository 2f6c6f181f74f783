"""A town whose plugin gives people tasks, and a worker that hands it its events."""

import pytest

from parvis_testing.desk import *
from parvis_testing.modules import only

from .asking import AskingTown, asking_plugin


@pytest.fixture(scope="session")
def modules():
    return only("tasks")


@pytest.fixture(scope="session")
def town_plugin():
    return asking_plugin()


@pytest.fixture
def town(desk) -> AskingTown:
    return AskingTown(desk)
