"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="plugin_pages",
    title=Text(fr="Pages des extensions", en="Pages of plugins"),
    summary=Text(
        fr="Une extension montre des pages à elle, au bureau selon les rôles, à l’exploitation ou à tout le monde.",
        en="A plugin shows pages of its own, at the desk by roles, to operators or to everybody.",
    ),
    host=">=0.1,<0.2",
    desk="parvis_plugin_pages.desk",
    operators="parvis_plugin_pages.operators",
    portal="parvis_plugin_pages.portal",
)
