"""What this module brings: nothing by itself, and what modules need whose rules a town puts in force by versions."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="rulesets",
    title=Text(fr="Versions des procédures", en="Procedure versions"),
    summary=Text(
        fr="Rédaction à plusieurs des règles de la Ville, mise en vigueur par versions et retour à une "
        "version antérieure.",
        en="Shared drafting of the town’s rules, put into force by version, with return to an earlier version.",
    ),
    host=">=0.1,<0.2",
)
