"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, KeyScope, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="api_access",
    title=Text(fr="Accès par l’API", en="API access"),
    summary=Text(
        fr="Jetons et clients OAuth des programmes\u00a0: unités, types de requête, échéance, renouvellement et "
        "révocation.",
        en="Tokens and OAuth clients of programs: units, request types, expiry, renewal and revocation.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_api_access.tables",
    steps="parvis_api_access.migrations",
    personal=NOTHING_PERSONAL,
    operators="parvis_api_access.operators",
    portal="parvis_api_access.portal",
    api="parvis_api_access.api",
    heard="parvis_api_access.heard",
    chores="parvis_api_access.chores",
    scopes=(
        KeyScope(
            name="token:renew",
            title=Text(fr="Renouveler soi-même son jeton avant l’échéance", en="Renew its own token before it expires"),
        ),
    ),
)
