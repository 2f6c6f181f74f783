"""A virus scanner that says whether a file is clean, and not what it is."""

from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


class Yes:
    name, title = "yes", Text(fr="Oui", en="Yes")
    most_bytes, seconds = 1_000_000, 5.0

    async def scan(self, content):
        return b"EICAR" not in content.read()

    async def ping(self):
        return None


@hookimpl
def virus_scanners():
    return [Yes()]


# kit: parvis_bad/plugin.py:11 · scan · scan answered True instead of Clean, Infected or NotScanned · files that are
#     received wait · answer one of the three
# kit: parvis_bad/plugin.py:11 · scan · scan answered False instead of Clean, Infected or NotScanned · files that are
#     received wait · answer one of the three
