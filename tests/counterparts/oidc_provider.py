"""node's oidc-provider: a certified OpenID Connect provider, in a process of its own.

with oidc_provider("http://127.0.0.1:8000", "ville") as idp:
    idp.know("lea", name="Léa Roy", email="lea@ville.example", email_verified=True, groups=["voirie"])
    with idp.running():
        ...  # idp.issuer, idp.client_id, idp.secret; any password is right at its page
    with idp.running(new_key()):
        ...  # the same provider with another key
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

from parvis_testing.ports import free_port

from .installing import node_with
from .running import running

CLIENT, SECRET = "parvis", "un secret: partage / a deux & 100 %+"


def new_key(name: str = "first") -> dict[str, Any]:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"}).as_dict(private=True)


class OidcProvider:
    """Made once, running as often as wanted, always at the same address."""

    client_id, secret = CLIENT, SECRET

    def __init__(self, folder: Path, site: str, name: str) -> None:
        self.folder, self.port = folder, free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.people = folder / "people.json"
        self.people.write_text("{}")
        self.client = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [f"{site}/connexion/retour/{name}"],
            "post_logout_redirect_uris": [f"{site}/connexion"],
            "backchannel_logout_uri": f"{site}/connexion/sortie/{name}",
            "backchannel_logout_session_required": True,
            "scope": "openid email profile groups",
        }

    def know(self, login: str, **claims: Any) -> None:
        """What it says of somebody, from their next sign-in on."""
        self.people.write_text(json.dumps(json.loads(self.people.read_text()) | {login: claims}))

    @contextmanager
    def running(self, *keys: dict[str, Any]) -> Iterator["OidcProvider"]:
        """The provider, signing with the first of these keys."""
        given = {"port": self.port, "keys": keys or [new_key()], "client": self.client, "people": str(self.people)}
        settings = self.folder / "settings.json"
        settings.write_text(json.dumps(given))
        with running([*node_with("oidc_provider.mjs"), settings], self.port, self.folder / "log"):
            yield self


@contextmanager
def oidc_provider(site: str, name: str) -> Iterator[OidcProvider]:
    """One for the site at this address, where it is called `name`."""
    with tempfile.TemporaryDirectory(prefix="parvis-oidc-") as folder:
        yield OidcProvider(Path(folder), site, name)
