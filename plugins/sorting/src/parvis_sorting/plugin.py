"""What this module brings: nothing by itself, and a page to each channel that needs it."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="sorting",
    title=Text(fr="Tri de ce qui arrive", en="Sorting of incoming messages"),
    summary=Text(
        fr="Les courriels et les textos sans requête sont triés sur une page, avec les modules qui les reçoivent.",
        en="Mail and text messages without a request are sorted on a page, with the modules that take them in.",
    ),
    host=">=0.1,<0.2",
)
