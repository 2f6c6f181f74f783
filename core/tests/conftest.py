"""What tests of the core share: a town on a real database."""

import logging

import pytest
import structlog

from parvis_testing.hearings import *
from parvis_testing.town import *


@pytest.fixture
def logging_as_before():
    """What begins the logs of a process leaves them as they were."""
    root = logging.getLogger()
    kept, handlers, level = structlog.get_config(), root.handlers[:], root.level
    yield
    structlog.configure(**kept)
    root.handlers[:] = handlers
    root.setLevel(level)
