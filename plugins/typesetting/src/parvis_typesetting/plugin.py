"""What this module brings: nothing by itself, and sheets of paper to those who need them."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="typesetting",
    title=Text(fr="Mise en page", en="Typesetting"),
    summary=Text(
        fr="Documents et lettres deviennent des PDF accessibles et conservables, avec les modules qui les font.",
        en="Documents and letters become accessible PDFs that can be archived, with the modules that make them.",
    ),
    host=">=0.1,<0.2",
)
