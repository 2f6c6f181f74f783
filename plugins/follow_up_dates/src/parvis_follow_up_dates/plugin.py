"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="follow_up_dates",
    title=Text(fr="Requêtes à revoir", en="Requests to review"),
    summary=Text(
        fr="Le personnel choisit un jour pour revoir une requête, qui revient alors dans «\u00a0À revoir\u00a0».",
        en="Staff choose a day to review a request, which then appears in the list “To review”.",
    ),
    host=">=0.1,<0.2",
    words="parvis_follow_up_dates.follow_up",
    desk="parvis_follow_up_dates.desk",
    heard="parvis_follow_up_dates.heard",
)
