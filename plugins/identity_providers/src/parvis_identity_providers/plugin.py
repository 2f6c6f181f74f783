"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="identity_providers",
    title=Text(fr="Fournisseurs d’identité", en="Identity providers"),
    summary=Text(
        fr="Connexion du personnel avec son compte de la Ville (OpenID Connect); ses groupes lui donnent ses rôles.",
        en="Staff sign in with their town account (OpenID Connect); their groups give them their roles.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_identity_providers.tables",
    steps="parvis_identity_providers.migrations",
    personal=NOTHING_PERSONAL,
    given="parvis_identity_providers.providers",
    heard="parvis_identity_providers.heard",
    town_files="parvis_identity_providers.rules",
    sign_in="parvis_identity_providers.pages",
    chores="parvis_identity_providers.chores",
    commands=(
        Command(
            group="people",
            name="link",
            summary="Link a person of an identity provider to an existing account.",
            written="parvis_identity_providers.commands:link",
        ),
    ),
)
