"""What this module brings."""

from parvis.modules import KeyScope, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="telephone",
    title=Text(fr="Téléphone et comptoir", en="Telephone and counter"),
    summary=Text(
        fr="Ouverture de requêtes par téléphone ou au comptoir, et suivi des appels et des lettres pour "
        "les personnes sans courriel ni texto.",
        en="Opening requests by telephone or at the counter, and follow-up of calls and letters for "
        "people without email or text messages.",
    ),
    host=">=0.1,<0.2",
    needs=("typesetting",),
    may_use=("merging",),
    tables="parvis_telephone.tables",
    steps="parvis_telephone.migrations",
    personal="parvis_telephone.personal",
    words="parvis_telephone.titles",
    api="parvis_telephone.api",
    desk="parvis_telephone.desk",
    chores="parvis_telephone.chores",
    heard="parvis_telephone.heard",
    scopes=(
        KeyScope(
            name="calls:announce",
            title=Text(
                fr="Signaler un appel entrant à la personne qui le prend",
                en="Announce an incoming call to the person taking it",
            ),
        ),
    ),
    demo="parvis_telephone.demo",
)
