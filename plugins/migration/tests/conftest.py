"""A town into which the files of another system are brought."""

from pathlib import Path

import pytest

from parvis_testing.modules import only
from parvis_testing.town import *

FILES = Path(__file__).parent / "files"


@pytest.fixture(scope="session")
def modules():
    return only("migration")


@pytest.fixture(scope="session")
def files():
    """Rows of real files: see the licence beside them."""
    return FILES


@pytest.fixture
def there(town):
    """The town that takes them in."""
    return town.host.jurisdictions.jurisdiction("parvis")
