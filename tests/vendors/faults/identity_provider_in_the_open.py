"""A way to sign in that is asked without encryption, has no client, and names no claim of groups."""

from parvis_sdk.hooks import hookimpl
from parvis_sdk.identity_providers import IdentityProvider, PersonClaims
from parvis_sdk.text import Text


@hookimpl
def identity_providers():
    return [
        IdentityProvider(
            name="directory",
            title=Text(fr="Annuaire", en="Directory"),
            issuer="http://login.example.org",
            client_id="",
            claims=PersonClaims(groups=""),
        )
    ]


# kit: parvis_bad/plugin.py:8 · identity provider 'directory' · 'http://login.example.org' is no address over https
#     · the plugin is left out · write the issuer as its metadata say it
# kit: parvis_bad/plugin.py:8 · identity provider 'directory' · it has no client_id · the plugin is left out · take
#     it from the settings, and declare none without
# kit: parvis_bad/plugin.py:8 · identity provider 'directory' · '' is no name of a claim · the plugin is left out ·
#     name the claims as the provider does
# host: bad (parvis-bad 1.0) · identity_providers() · parvis_bad/plugin.py:8 · identity provider 'directory' ·
#     'http://login.example.org' is no address over https · the plugin is left out · write the issuer as its metadata
#     say it
# host: bad (parvis-bad 1.0) · identity_providers() · parvis_bad/plugin.py:8 · identity provider 'directory' · it
#     has no client_id · the plugin is left out · take it from the settings, and declare none without
# host: bad (parvis-bad 1.0) · identity_providers() · parvis_bad/plugin.py:8 · identity provider 'directory' · ''
#     is no name of a claim · the plugin is left out · name the claims as the provider does
