"""An installation of the towns of the example, on a database of its own."""

import pytest

from parvis.example_towns import town_folder
from parvis.settings import Settings


@pytest.fixture
def settings(database_url, tmp_path):
    return Settings(
        territory=town_folder(),
        secret_key="s" * 40,
        data=tmp_path,
        database=database_url,
        worker=False,
        log_level="error",
    )
