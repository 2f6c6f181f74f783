"""Words where a Text belongs."""

from parvis_bad.sound import lamp
from parvis_sdk.hooks import hookimpl

LAMP = lamp(
    code="lamp",
    title="Lampadaire éteint",
)


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:8 · request type 'lamp' · title · it is 'Lampadaire éteint' instead of Text · the plugin
#     is left out · write Text(fr=…, en=…)
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:8 · request type 'lamp' · title · it is
#     'Lampadaire éteint' instead of Text · the plugin is left out · write Text(fr=…, en=…)
