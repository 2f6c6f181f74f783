"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="alerts",
    title=Text(fr="Alertes par courriel", en="Alerts by email"),
    summary=Text(
        fr="Ce qui attend quelqu’un est écrit par courriel à ceux que les paramètres nomment, une fois par jour.",
        en="What needs somebody is mailed to those whom the settings name, once a day.",
    ),
    host=">=0.1,<0.2",
    chores="parvis_alerts.chores",
)
