"""What this module brings."""

from parvis.modules import KeyScope, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="telephone",
    title=Text(fr="Téléphone et comptoir", en="Telephone and counter"),
    summary=Text(
        fr="Les gens de la Ville ouvrent une requête pour qui appelle ou se présente, et joignent par téléphone ou par "
        "lettre qui aucun message ne rejoint.",
        en="The people of the town open requests for who calls or comes, and call or write to whom no message reaches.",
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
            title=Text(fr="Annoncer un appel à qui le prend", en="Announce a call to whoever takes it"),
        ),
    ),
    demo="parvis_telephone.demo",
)
