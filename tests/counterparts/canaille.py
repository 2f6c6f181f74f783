"""Canaille: an identity provider for small organizations, in a process of its own, with its people in memory.

    people = {"lea": person("Léa", "Roy", "lea@ville.example", groups=["voirie"])}
    with canaille("http://127.0.0.1:8000", "mairie", people) as idp:
        ...  # idp.issuer, idp.client_id, idp.secret; everybody's password is PASSWORD

It says nothing of whether an e-mail is verified. With `audience=False`, its tokens are for nobody: `aud` is empty.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from parvis_testing.ports import free_port

from .installing import environment_with
from .oidc_provider import CLIENT, new_key
from .running import running

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "canaille-requirements.txt"
PASSWORD = "quatre chevaux verts"
SECRET = "un-secret-partage-a-deux"  # it does not read what is written as the standard wants it in a header


class Canaille(msgspec.Struct, frozen=True):
    """A Canaille that runs."""

    issuer: str
    client_id: str = CLIENT
    secret: str = SECRET


def person(given_name: str, family_name: str, email: str, *, groups: list[str]) -> dict[str, Any]:
    name = f"{given_name} {family_name}"
    return {
        "given_name": given_name,
        "family_name": family_name,
        "formatted_name": name,
        "emails": [email],
        "password": PASSWORD,
        "groups": groups,
    }


@contextmanager
def canaille(
    site: str, name: str, people: Mapping[str, dict[str, Any]], *, audience: bool = True
) -> Iterator[Canaille]:
    """One for the site at this address, where it is called `name`."""
    port = free_port()
    client = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "client_name": "Parvis",
        "client_uri": site,
        "redirect_uris": [f"{site}/connexion/retour/{name}"],
        "post_logout_redirect_uris": [f"{site}/connexion"],
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "scope": ["openid", "email", "profile", "groups"],
        "token_endpoint_auth_method": "client_secret_basic",
        "audience": audience,
    }
    python = environment_with(REQUIREMENTS, HERE / ".canaille", "Canaille on PyPI") / "bin/python"
    with tempfile.TemporaryDirectory(prefix="parvis-canaille-") as folder:
        settings = Path(folder) / "settings.json"
        settings.write_text(json.dumps({"port": port, "key": new_key(), "people": people, "client": client}))
        with running([python, "-P", HERE / "canaille_serving.py", settings], port, Path(folder) / "log"):
            yield Canaille(f"http://127.0.0.1:{port}")
