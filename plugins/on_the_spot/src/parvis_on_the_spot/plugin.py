"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="on_the_spot",
    title=Text(fr="Photos et codes QR sur place", en="Photos and QR codes on the spot"),
    summary=Text(
        fr="Une personne commence par une photo, dont le lieu est lu, ou par un code QR que la Ville affiche.",
        en="A person begins from a photo, whose place is read, or from a QR code that the town puts up.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_on_the_spot.portal",
    desk="parvis_on_the_spot.desk",
)
