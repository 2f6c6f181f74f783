"""A hook that is to be awaited."""

from parvis_bad.sound import LAMP
from parvis_sdk.hooks import hookimpl


@hookimpl
async def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:7 · request_types() is async · the plugin is left out · write `def`: hooks answer at
#     once
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:7 · request_types() is async · the plugin is
#     left out · write `def`: a hook answers immediately; what it returns may be async
