"""A town that has the auditor’s pack."""

import pytest

from parvis.testing.modules import only
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("audit_pack")
