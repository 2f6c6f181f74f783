"""Two people at one form of the desk: what each types, how they send it, and what is left in the boxes."""

import re
from html import unescape

WORDS = "MOT-À-GARDER"


async def press(clerk, path, typed):
    """Send a form from the desk, and see where it leads."""
    clerk.http.follow_redirects = False
    await clerk.get("/bureau/compte")
    return await clerk.post(path, **typed)


def boxes(page):
    """Everything that stands in a box of the page."""
    filled = re.findall(r'<input[^>]* value="([^"]*)"|<textarea[^>]*>([^<]*)</textarea>', page.text)
    return unescape(" ".join(value for pair in filled for value in pair))


def mine(typed, version, clerk):
    """What is typed, told apart by who typed it, with the version that was seen."""
    return {name: value.replace(WORDS, f"{WORDS} {clerk.person.name}") for name, value in typed.items()} | {
        "version": version
    }
