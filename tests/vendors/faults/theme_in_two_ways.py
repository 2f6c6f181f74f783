"""One theme with two titles: the shelf of the portal would have either."""

from parvis_bad.sound import lamp, said
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import Theme

LAMP = lamp()
POLE = lamp(
    code="pole",
    title=said("Poteau penché", "Leaning pole"),
    slug=said("poteau", "pole"),
    theme=Theme(code="streets", title=said("Rues", "Streets"), slug=said("rues", "streets")),
)


@hookimpl
def request_types():
    return [LAMP, POLE]


# kit: parvis_bad/plugin.py:12 · request type 'pole' · theme · the theme 'streets' is declared otherwise than by 'lamp'
#     · a theme has one title and one address · declare it once, and use that one everywhere
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:12 · request type 'pole' · theme · the theme
#     'streets' is declared differently by 'lamp' (bad (parvis-bad 1.0)) · a theme has one title and one address ·
#     declare it once, and use that one everywhere
