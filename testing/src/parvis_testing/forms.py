"""The hidden fields that a browser sends with a form."""

import re
from typing import Any


def version_in_form(page: Any, path: str) -> dict[str, str]:
    """The hidden version in the form of this address on the current page, if any."""
    form = re.search(rf'<form action="{re.escape(path)}".*?</form>', page.text, re.DOTALL)
    found = form and re.search(r'name="version" value="(\d+)"', form[0])
    return {"version": found[1]} if found else {}
