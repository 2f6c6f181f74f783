"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Module
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
    tables="parvis_telephone.tables",
    steps="parvis_telephone.migrations",
    personal=NOTHING_PERSONAL,
    words="parvis_telephone.titles",
    desk="parvis_telephone.desk",
    heard="parvis_telephone.heard",
    demo="parvis_telephone.demo",
)
