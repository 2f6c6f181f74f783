"""A hook that asks another system, at each start."""

from urllib.request import urlopen

from parvis_bad.sound import LAMP
from parvis_sdk.hooks import hookimpl


@hookimpl
def request_types():
    return [LAMP] if urlopen("http://127.0.0.1:9/types") else []


# kit: parvis_bad/plugin.py:11 · request_types() calls socket.getaddrinfo() · this slows down every start · remove
#     computation and connections from the hook: it only declares
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:11 · it raised URLError: <urlopen error [Errno
#     111] Connection refused> · the plugin is left out · correct the hook: it must only declare, and depend on no other
#     system
