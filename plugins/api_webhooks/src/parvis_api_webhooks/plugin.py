"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, KeyScope, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="api_webhooks",
    title=Text(fr="Webhooks par l’API", en="Webhooks by the API"),
    summary=Text(
        fr="Des programmes créent eux-mêmes leurs webhooks\u00a0: essai, pause, changement de secret, livraisons et "
        "reprise depuis un moment.",
        en="Programs create their own webhooks: trial, pause, change of secret, deliveries and replay from a moment.",
    ),
    host=">=0.1,<0.2",
    may_use=("webhooks",),  # a plugin, whose payload and signature it sends
    tables="parvis_api_webhooks.tables",
    steps="parvis_api_webhooks.migrations",
    personal=NOTHING_PERSONAL,
    operators="parvis_api_webhooks.operators",
    api="parvis_api_webhooks.api",
    heard="parvis_api_webhooks.heard",
    chores="parvis_api_webhooks.chores",
    scopes=(
        KeyScope(
            name="webhooks:manage",
            title=Text(fr="Gérer ses webhooks et relancer leurs livraisons", en="Manage its webhooks and replay them"),
        ),
    ),
)
