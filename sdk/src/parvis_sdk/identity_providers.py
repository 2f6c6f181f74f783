"""Identity providers: by which accounts the people of a town may sign in, such as those of its cloud directory.

    IdentityProvider(
        name="directory",
        title=Text(fr="Annuaire de la Ville", en="Directory of the town"),
        issuer="https://login.example.org/valclair",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        claims=PersonClaims(groups="roles"),
    )

Its secret comes from the settings of the plugin, never from its code.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct, structs

from parvis_sdk.errors import DeclarationMistake, Words
from parvis_sdk.made_of import shape_mistakes
from parvis_sdk.text import Text

NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
CLAIM = re.compile(r"[!-~]{1,200}")
HERE = ("127.0.0.1", "localhost", "::1")


class PersonClaims(Struct, frozen=True, kw_only=True):
    """Under which names a provider tells of a person.

    The first of `email` that it tells is theirs. It counts as verified where the claim `verified` is true and speaks of
    it: the standard’s `email_verified` speaks of the claim `email` alone. Only then may a sign-in join an account that
    is here already. `groups` holds one word or a list, by which the rules of a town give roles; `realm_access.roles` is
    looked for inside `realm_access` too.
    """

    email: tuple[str, ...] = ("email",)
    verified: str = "email_verified"
    name: tuple[str, ...] = ("name",)
    groups: str = "groups"

    def may_verify(self, told_by: str) -> bool:
        """Whether `verified` applies to the address in this claim."""
        return self.verified != "email_verified" or told_by in ("", "email")


class IdentityProvider(Struct, frozen=True, kw_only=True):
    """A provider of OpenID Connect. Nothing of the plugin runs while somebody signs in.

    `name` is unique in the installation: a town lists it in `sign_in.toml`, and says there which groups have which
    roles; a town that does not list it is not opened by it. `title` stands on the button. `issuer` is the provider's to
    the letter: what it says of itself is read at `<issuer>/.well-known/openid-configuration`, over https. A public
    client has no `client_secret`; a secret comes from the settings of the plugin, never from its code.

    With `create` somebody with a role gets an account at their first sign-in; with `link`, which an operator should say
    in the settings, it joins the account with the same verified e-mail. `acr_values` are asked for where a town demands
    a second factor, which is proved by one of them, or by one of `second_factors` among the methods that are told.
    """

    name: str
    title: Text
    issuer: str
    client_id: str
    client_secret: str = ""
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    claims: PersonClaims = PersonClaims()
    link: bool = False
    create: bool = True
    acr_values: tuple[str, ...] = ()
    second_factors: tuple[str, ...] = ("mfa",)


BAD_NAME = Text(fr="son nom n’est pas utilisable", en="its name cannot be used")
SMALL_LETTERS = Text(
    fr="écrivez-le en minuscules, chiffres et _, 30 au plus",
    en="write it in lowercase letters, digits and _, 30 at most",
)
NO_TITLE = Text(fr="il n’a pas de titre", en="it has no title")
GIVE_TITLE = Text(fr="donnez-lui un titre dans les deux langues", en="give it a title in both languages")
NOT_HTTPS = Text(fr="{issuer} n’est pas une adresse https", en="{issuer} is no address over https")
AS_ITS_METADATA = Text(
    fr="écrivez l’émetteur comme ses métadonnées le disent", en="write the issuer as its metadata say it"
)
NO_CLIENT = Text(fr="il n’a pas de client_id", en="it has no client_id")
FROM_SETTINGS = Text(
    fr="prenez-le des paramètres, et ne déclarez rien sans eux",
    en="take it from the settings, and declare none without",
)
NO_TEXT = Text(fr="ce n’est pas du texte", en="it is no text")
NO_OPENID = Text(fr="ses scopes sont sans «\u00a0openid\u00a0»", en="its scopes are without “openid”")
ADD_OPENID = Text(fr="ajoutez openid", en="add openid")
BAD_CLAIM = Text(fr="{name} n’est pas le nom d’un champ", en="{name} is no name of a claim")
NAME_CLAIMS = Text(fr="nommez les champs comme le fournisseur", en="name the claims as the provider does")


def provider_mistakes(provider: IdentityProvider) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one provider, never with its secret."""
    where = f"identity provider {provider.name!r}"
    wrong = [each.within(where) for each in shape_mistakes(structs.replace(provider, client_secret=""))]
    if not isinstance(provider.client_secret, str):
        wrong.append(DeclarationMistake(where=f"{where} · client_secret", what=NO_TEXT, now_what=FROM_SETTINGS))
    yield from wrong
    for what, now_what in () if wrong else _wrongs(provider):
        yield DeclarationMistake(where=where, what=what, now_what=now_what)


def _wrongs(provider: IdentityProvider) -> Iterator[tuple[Words, Words]]:
    if not NAME.fullmatch(provider.name):
        yield BAD_NAME, SMALL_LETTERS
    if not provider.title.fr.strip():
        yield NO_TITLE, GIVE_TITLE
    if not is_safe(provider.issuer):
        yield NOT_HTTPS.format(issuer=repr(provider.issuer[:200])), AS_ITS_METADATA
    if not provider.client_id.strip():
        yield NO_CLIENT, FROM_SETTINGS
    if "openid" not in provider.scopes:
        yield NO_OPENID, ADD_OPENID
    claims = provider.claims
    for name in (*(claims.email or ("",)), claims.verified, *(claims.name or ("",)), claims.groups):
        if not CLAIM.fullmatch(name):
            yield BAD_CLAIM.format(name=repr(name)), NAME_CLAIMS


def is_safe(address: str) -> bool:
    """Whether it is an address over https, or on this machine."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.query or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
