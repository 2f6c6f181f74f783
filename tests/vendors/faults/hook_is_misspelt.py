"""A hook whose name no hook has."""

from parvis_bad.sound import LAMP
from parvis_sdk.hooks import hookimpl


@hookimpl
def request_typs():
    return [LAMP]


# kit: parvis_bad/plugin.py:7 · request_typs() is not a hook · it is never called · did you mean request_types()?
# host: bad (parvis-bad 1.0) · request_typs() · parvis_bad/plugin.py:7 · request_typs() is not a hook · it is never
#     called · did you mean request_types()?
