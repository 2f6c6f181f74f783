"""The providers of sign-in as pages show them: those of a town, their names, the links to them."""

from urllib.parse import urlencode

from parvis import i18n
from parvis.composition import Deployment
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.sign_in import SIGN_IN as TOWN_SIGN_IN
from parvis.people.identity_providers import Provider
from parvis.web.sign_in.guard import SIGN_IN


def ways_of(deployment: Deployment, town: Jurisdiction | None) -> list[Provider]:
    """The providers of a town, in its order."""
    return [
        deployment.identity_providers[code].provider
        for code in (TOWN_SIGN_IN.of(town).providers if town else ())
        if code in deployment.identity_providers
    ]


def way_to(provider: Provider, onward: str, language: str | None) -> str:
    query = urlencode({name: each for name, each in (("next", onward), ("langue", language)) if each})
    return f"{SIGN_IN}/par/{provider.code}{'?' if query else ''}{query}"


def provider_name(deployment: Deployment, code: str) -> str:
    """Its name today, in the language of whoever looks; its code once it is gone."""
    return (
        i18n.say(deployment.identity_providers[code].provider.name) if code in deployment.identity_providers else code
    )
