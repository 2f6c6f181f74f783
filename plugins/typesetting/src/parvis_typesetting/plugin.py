"""What this module brings: nothing by itself, and sheets of paper to those who need them."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="typesetting",
    title=Text(fr="Mise en page", en="Typesetting"),
    summary=Text(
        fr="Conversion des documents et des lettres en PDF accessibles et archivables.",
        en="Converts documents and letters into accessible PDFs that can be archived.",
    ),
    host=">=0.1,<0.2",
)
