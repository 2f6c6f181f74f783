"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="plugin_pages",
    title=Text(fr="Pages des extensions", en="Pages of plugins"),
    summary=Text(
        fr="Pages ajoutées par des extensions, au bureau selon les rôles, pour l’exploitation ou pour le public.",
        en="Pages added by plugins, at the desk by role, for operators or for the public.",
    ),
    host=">=0.1,<0.2",
    desk="parvis_plugin_pages.desk",
    operators="parvis_plugin_pages.operators",
    portal="parvis_plugin_pages.portal",
)
