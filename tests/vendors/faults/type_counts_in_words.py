"""A number in words."""

from parvis_bad.sound import lamp
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import Retention

LAMP = lamp(
    retention=Retention(days="365"),
)


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:7 · request type 'lamp' · retention · days · it is '365' instead of int · the plugin is
#     left out · give it what its declaration names
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:7 · request type 'lamp' · retention · days ·
#     it is '365' instead of int · the plugin is left out · give it what its declaration names
