"""An endpoint that wants more time and larger bodies than any, and reads what is secret."""

from parvis_sdk.endpoints import Endpoint, EndpointAnswer, WithKey
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


async def everything(asked):
    return EndpointAnswer(status=204)


@hookimpl
def endpoints():
    title = Text(fr="Tout", en="Everything")
    limits = {"seconds": 60.0, "largest": 10**9, "reads": ("Authorization",)}
    return [Endpoint(code="all", title=title, auth=WithKey(scope=""), answer=everything, **limits)]


# kit: parvis_bad/plugin.py:8 · endpoint 'all' · the scope of its key has no name · the plugin is left out · name one
#     of `parvis tokens`
# kit: parvis_bad/plugin.py:8 · endpoint 'all' · seconds=60 is not possible · the plugin is left out · take 0.1 to 10
# kit: parvis_bad/plugin.py:8 · endpoint 'all' · largest=1000000000 is not possible · the plugin is left out · take 1
#     to 20000000
# kit: parvis_bad/plugin.py:8 · endpoint 'all' · the header Authorization is given to nobody · the plugin is left out
#     · read others
# host: bad (parvis-bad 1.0) · endpoints() · parvis_bad/plugin.py:8 · endpoint 'all' · the scope of its key has no
#     name · the plugin is left out · name one of `parvis tokens`
# host: bad (parvis-bad 1.0) · endpoints() · parvis_bad/plugin.py:8 · endpoint 'all' · seconds=60 is not possible ·
#     the plugin is left out · take 0.1 to 10
# host: bad (parvis-bad 1.0) · endpoints() · parvis_bad/plugin.py:8 · endpoint 'all' · largest=1000000000 is not
#     possible · the plugin is left out · take 1 to 20000000
# host: bad (parvis-bad 1.0) · endpoints() · parvis_bad/plugin.py:8 · endpoint 'all' · the header Authorization is
#     given to nobody · the plugin is left out · read others
