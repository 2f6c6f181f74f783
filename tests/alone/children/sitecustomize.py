"""Hides from the processes that tests start what is hidden from the tests: Python reads this file when it begins."""

import os
import sys
from pathlib import Path

if hidden := os.environ.get("ALONE_HIDDEN", "").split():
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from alone import hide

    del sys.path[0]
    hide({*hidden}, {*os.environ["ALONE_MODULES"].split()})
