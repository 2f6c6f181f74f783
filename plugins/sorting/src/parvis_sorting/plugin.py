"""What this module brings: nothing by itself, and a page to each channel that needs it."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="sorting",
    title=Text(fr="Tri de ce qui arrive", en="Sorting of incoming messages"),
    summary=Text(
        fr="Page de tri des courriels et des textos qui ne sont rattachés à aucune requête.",
        en="Page for sorting emails and text messages that are not attached to a request.",
    ),
    host=">=0.1,<0.2",
)
