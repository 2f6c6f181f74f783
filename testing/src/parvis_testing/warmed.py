"""What a process that is copied has already done when it is: the example towns read, plugins judged, words compiled.

Imported last by the process that others are copies of. What lies elsewhere, or differs, each copy reads itself.
"""

import gc
import tempfile
import threading
from pathlib import Path

import pytest

from parvis.deployment import compose
from parvis.example_towns import town_folder
from parvis.settings import Settings
from parvis_testing.made_once import keep

keep(pytest.MonkeyPatch())  # for good
with tempfile.TemporaryDirectory() as folder:
    compose(Settings(territory=town_folder(), secret_key="s" * 40, data=Path(folder)))
assert threading.active_count() == 1, "a copy would have none of the other threads"
gc.collect()
gc.freeze()  # a copy that looks for garbage writes to no page of what it was copied with: they stay one
