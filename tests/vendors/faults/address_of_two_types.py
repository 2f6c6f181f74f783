"""Two types under one theme and one word of its address."""

from parvis_bad.sound import lamp, said
from parvis_sdk.hooks import hookimpl

LAMP = lamp()
POLE = lamp(
    code="pole",
    title=said("Poteau penché", "Leaning pole"),
    slug=said("lampadaire", "pole"),
)


@hookimpl
def request_types():
    return [LAMP, POLE]


# kit: parvis_bad/plugin.py:7 · request type 'pole' · its address /fr/…/rues/lampadaire is that of 'lamp' as well ·
#     'lamp' keeps it, this one is not offered · give it another address (slug) in both languages
# host: bad (parvis-bad 1.0) · request_types() · the address /fr/…/rues/lampadaire of 'pole' is that of 'lamp' (bad
#     (parvis-bad 1.0)) · 'pole' is not offered, and 'lamp' keeps its address · give 'pole' another address
#     (slug) in both languages
