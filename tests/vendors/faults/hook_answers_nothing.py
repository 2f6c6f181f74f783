"""A hook that forgets to return its list."""

from parvis_bad.sound import LAMP
from parvis_sdk.hooks import hookimpl


@hookimpl
def request_types():
    [LAMP]


# kit: parvis_bad/plugin.py:7 · request_types() answered None instead of a list · the plugin is left out · answer a
#     list of RequestType
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:7 · it returned nothing instead of a list ·
#     the plugin is left out · return a list of RequestType
