"""Providers of sign-in (OpenID Connect): what the installation knows of each, out of one file and the environment.

    [valclair]
    name = "Ville de Valclair"
    issuer = "https://login.microsoftonline.com/<tenant>/v2.0"
    client_id = "..."

The secret comes from `PARVIS_SIGN_IN_VALCLAIR_SECRET`, or from a file: `PARVIS_SIGN_IN_VALCLAIR_SECRET_FILE` or
`client_secret_file` names it.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from parvis.jurisdictions.mistakes import TerritoryMistake
from parvis.jurisdictions.reading import Findings, Table
from parvis_sdk.text import Text

SCOPES = ("openid", "email", "profile")
HERE = ("127.0.0.1", "localhost", "::1")


class Secret:
    """What a provider knows us by; never in a log, a page or an error."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Secret(...)"


class Provider(Struct, frozen=True, kw_only=True):
    """One of them.

    `link` says that the operator lets a first sign-in join an account that has the same e-mail, where the provider has
    verified it; `create`, that somebody with a role gets an account at their first sign-in.
    """

    code: str
    name: Text
    issuer: str
    client_id: str
    secret: Secret
    scopes: tuple[str, ...] = SCOPES
    link: bool = False
    create: bool = True
    verified_by: str = "email_verified"
    acr_values: tuple[str, ...] = ()
    second_factors: tuple[str, ...] = ("mfa",)

    def allows(self, address: str) -> bool:
        """Whether an address may be called or sent to: over TLS, unless all of it is on this machine."""
        parts = urlsplit(address)
        if parts.username is not None or parts.fragment or not parts.hostname:
            return False
        on_this_machine = urlsplit(self.issuer).hostname in HERE and parts.hostname in HERE
        return parts.scheme == "https" or (parts.scheme == "http" and on_this_machine)


def read_providers(file: Path, environ: Mapping[str, str]) -> tuple[dict[str, Provider], tuple[TerritoryMistake, ...]]:
    """Every provider of the file by its name, and everything that is wrong with it."""
    findings = Findings(file.parent)
    table = findings.table(file)
    found = [read_provider(code, entry, environ) for code, entry in table.named_tables()] if table else []
    return {provider.code: provider for provider in found}, tuple(findings.mistakes)


def read_provider(code: str, table: Table, environ: Mapping[str, str]) -> Provider:
    provider = Provider(
        code=code,
        name=table.text("name", required=True),
        issuer=table.string("issuer", required=True),
        client_id=table.string("client_id", required=True),
        secret=Secret(read_secret(code, table, environ)),
        scopes=tuple(dict.fromkeys(("openid", *(table.strings("scopes") or SCOPES)))),
        link=table.yes("link", False),
        create=table.yes("create", True),
        verified_by=table.string("verified_by", "email_verified"),
        acr_values=table.strings("acr_values"),
        second_factors=table.strings("second_factors") or ("mfa",),
    )
    table.close()
    if provider.issuer and not provider.allows(provider.issuer):
        table.wrong("issuer", "is not an address over https", "write the issuer as the provider's metadata say it")
    return provider


def read_secret(code: str, table: Table, environ: Mapping[str, str]) -> str:
    """Out of the environment, or of a file; a public client has none."""
    variable = f"PARVIS_SIGN_IN_{code.upper().replace('-', '_')}_SECRET"
    named = table.string("client_secret_file")
    if "client_secret" in table.values:
        table.asked.add("client_secret")
        table.wrong("client_secret", "is a secret in this file", f"set {variable}, or client_secret_file here")
    if variable in environ:
        return environ[variable]
    path = environ.get(f"{variable}_FILE") or (str(table.file.parent / named) if named else "")
    if not path:
        return ""
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        table.wrong("client_secret_file", f"{path} cannot be read", "name a file that holds the secret, nothing else")
        return ""
