"""The hooks of `entra_id`."""

from collections.abc import Sequence

from parvis_entra_id.settings import Settings
from parvis_sdk.hooks import hookimpl
from parvis_sdk.identity_providers import IdentityProvider, PersonClaims
from parvis_sdk.text import Text

ISSUER = "https://login.microsoftonline.com/{tenant}/v2.0"


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def identity_providers(settings: Settings) -> Sequence[IdentityProvider]:
    if not settings.tenant:
        return []
    # An e-mail at Entra is what its administrator wrote; `xms_edov` says that the domain is theirs.
    claims = PersonClaims(email=("email", "preferred_username"), verified="xms_edov", groups=settings.groups)
    return [
        IdentityProvider(
            name="entra_id",
            title=Text(fr="Microsoft", en="Microsoft"),
            issuer=ISSUER.format(tenant=settings.tenant),
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            claims=claims,
            link=settings.link,
            create=settings.create,
        )
    ]
