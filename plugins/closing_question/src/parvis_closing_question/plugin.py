"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="closing_question",
    title=Text(fr="Question de clôture", en="Closing question"),
    summary=Text(
        fr="Une fois le travail fait, la Ville demande si c’est réglé. La réponse «\u00a0non\u00a0» rouvre la même "
        "requête, dans certaines limites, et lui donne une priorité plus élevée.",
        en="Once the work is done, the town asks whether it is resolved. The answer “no” opens the same request again, "
        "within limits, with a higher priority.",
    ),
    host=">=0.1,<0.2",
    heard="parvis_closing_question.heard",
    portal="parvis_closing_question.portal",
    resident="parvis_closing_question.resident",
)
