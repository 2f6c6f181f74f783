"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="eligibility",
    title=Text(fr="Vérifications avant le formulaire", en="Checks before the form"),
    summary=Text(
        fr="Quelques questions disent à une personne si elle a besoin d’une requête, ce qu’elle coûte et le temps "
        "qu’elle prend.",
        en="A few questions tell a person whether they need a request, what it costs and how long it takes.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_eligibility.portal",
)
