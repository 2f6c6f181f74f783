"""A virus scanner that would be awaited and is not async, and may take an hour."""

from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text
from parvis_sdk.virus_scanners import Clean


class Slow:
    name, title = "slow", Text(fr="Lent", en="Slow")
    most_bytes, seconds = 1_000_000, 3_600.0

    def scan(self, content):
        return Clean()

    async def ping(self):
        return None


@hookimpl
def virus_scanners():
    return [Slow()]


# kit: parvis_bad/plugin.py:12 · scanner 'slow' · seconds is not a time of … s or less · files that are received wait
#     · write a number, such as 60.0
# kit: parvis_bad/plugin.py:12 · scanner 'slow' · scan is not async · files that are received wait · write `async def
#     scan(self, content)`
# host: bad (parvis-bad 1.0) · virus_scanners() · parvis_bad/plugin.py:12 · scanner 'slow' · seconds is not a time of
#     … s or less · the plugin is left out · write a number, such as 60.0
# host: bad (parvis-bad 1.0) · virus_scanners() · parvis_bad/plugin.py:12 · scanner 'slow' · scan is not async · the
#     plugin is left out · write `async def scan(self, content)`
