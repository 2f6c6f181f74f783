"""Pages and API are where bookmarks, printed codes and other systems know them; a change is made on purpose."""

import difflib
import runpy
from pathlib import Path

HERE = Path(__file__).parent


def test_every_address_is_as_written_down():
    told = list(runpy.run_path(str(HERE / "page_addresses.py"))["lines"]())
    kept = (HERE / "page_addresses.txt").read_text(encoding="utf-8").splitlines()
    changes = "\n".join(difflib.unified_diff(kept, told, "written down", "now", lineterm=""))
    how = "if this is meant, run `python tests/contracts/page_addresses.py > tests/contracts/page_addresses.txt`"
    assert told == kept, f"{how}:\n{changes}"


def test_pages_and_operations_are_among_them():
    kept = (HERE / "page_addresses.txt").read_text(encoding="utf-8").splitlines()
    for line in ("/bureau/requete/{reference} GET", "/api/v1/requests GET POST", "/exploitation GET"):
        assert line in kept, line
