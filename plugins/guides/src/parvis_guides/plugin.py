"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="guides",
    title=Text(fr="Documentation", en="Documentation"),
    summary=Text(
        fr="Les guides de Parvis, consultables sur le site de la Ville, et un lien d’aide sur chaque page du bureau.",
        en="The guides of Parvis, read on the town’s own site, and a help link on each page of the desk.",
    ),
    host=">=0.1,<0.2",
    desk="parvis_guides.desk",
    operators="parvis_guides.operators",
    portal="parvis_guides.portal",
)
