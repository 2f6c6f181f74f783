"""What this module brings: nothing by itself, and what modules need whose rules a town puts in force by versions."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="rulesets",
    title=Text(fr="Procédures par versions", en="Procedures by version"),
    summary=Text(
        fr="Des règles de la Ville s’écrivent à plusieurs, entrent en vigueur par versions et se rétablissent.",
        en="Rules of the town are written together, put in force by versions, and restored.",
    ),
    host=">=0.1,<0.2",
)
