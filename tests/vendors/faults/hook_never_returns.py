"""A hook that turns for ever."""

from parvis_bad.sound import LAMP
from parvis_sdk.hooks import hookimpl


@hookimpl
def request_types():
    return [LAMP] if all(LAMP for _ in iter(int, 1)) else []


# kit: parvis_bad/plugin.py:9 · request_types() does not come to an end · this slows down every start · remove
#     computation and connections from the hook: it only declares
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:9 · it did not return within … s · the plugin is
#     left out · remove computation and connections from the hook
