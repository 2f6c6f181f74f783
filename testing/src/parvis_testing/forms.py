"""What a browser sends of a form without being told to."""

import re
from typing import Any


def version_in_form(page: Any, path: str) -> dict[str, str]:
    """The version that stands hidden in the form of this address, where the page that is open has one."""
    form = re.search(rf'<form action="{re.escape(path)}".*?</form>', page.text, re.DOTALL)
    found = form and re.search(r'name="version" value="(\d+)"', form[0])
    return {"version": found[1]} if found else {}
