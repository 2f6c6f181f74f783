"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="alerts",
    title=Text(fr="Alertes par courriel", en="Alerts by email"),
    summary=Text(
        fr="Envoie une fois par jour, aux adresses des paramètres, un courriel sur ce qui demande une intervention.",
        en="Once a day, emails what needs attention to the addresses in the settings.",
    ),
    host=">=0.1,<0.2",
    chores="parvis_alerts.chores",
)
