"""The demonstration's towns with providers of sign-in, served at an address that the providers know beforehand."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import uvicorn
from litestar import Litestar
from msgspec import structs

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.module_discovery import find_modules
from parvis.sections import OutgoingSettings, SignIn
from parvis.settings import Settings
from parvis_sdk.hooks import hookimpl
from parvis_sdk.identity_providers import IdentityProvider, PersonClaims
from parvis_sdk.text import Text

RULES = """
providers = [{providers}]
second_factor = {second_factor}
{grants}
"""
GRANT = """
[[grants]]
provider = "{provider}"
values = ["voirie"]
role = "agent"
unit = "roads"

[[grants]]
provider = "{provider}"
values = ["gestion"]
role = "manager"
"""


class Provides(Protocol):
    """What the town must know of a provider."""

    issuer: str
    client_id: str
    secret: str


def settings_for(
    folder: Path,
    database: str,
    port: int,
    providers: Mapping[str, Provides],
    *,
    link: bool = False,
    second_factor: bool = False,
    passwords: tuple[str, ...] = (),
) -> tuple[Settings, dict[str, str]]:
    """Settings and the environment with the secrets; both providers give the same roles in the first town."""
    towns = folder / "towns"
    shutil.copytree(town_folder(), towns)
    rules = RULES.format(
        providers=", ".join(f'"{name}"' for name in providers),
        second_factor="true" if second_factor else "false",
        grants="".join(GRANT.format(provider=name) for name in providers),
    )
    (towns / "parvis/sign_in.toml").write_text(rules)
    about = towns / "parvis/jurisdiction.toml"
    about.write_text(f'modules = ["identity_providers"]\n{about.read_text("utf-8")}', "utf-8")
    file = folder / "providers.toml"
    file.write_text("".join(described(name, each, link) for name, each in providers.items()))
    settings = Settings(
        territory=towns,
        secret_key="a secret of thirty-two characters",
        data=folder,
        database=database,
        base_url=f"http://127.0.0.1:{port}",
        worker=False,
        log_level="error",
        outgoing=OutgoingSettings(private=("127.0.0.0/8",)),
        sign_in=SignIn(providers=file, passwords=passwords),
    )
    return settings, {f"PARVIS_SIGN_IN_{name.upper()}_SECRET": each.secret for name, each in providers.items()}


def described(name: str, provider: Provides, link: bool) -> str:
    return f"""
[{name}]
name = {{ fr = "Ville ({name})", en = "Town ({name})" }}
issuer = "{provider.issuer}"
client_id = "{provider.client_id}"
scopes = ["email", "profile", "groups"]
acr_values = ["gold"]
link = {"true" if link else "false"}
"""


def declaring(providers: Mapping[str, Provides]) -> ModuleType:
    """A plugin that declares these providers, and tells who somebody is by names of its own."""
    nouns = [
        IdentityProvider(
            name=name,
            title=Text(fr=f"Ville ({name})", en=f"Town ({name})"),
            issuer=each.issuer,
            client_id=each.client_id,
            client_secret=each.secret,
            scopes=("openid", "email", "profile", "groups"),
            claims=PersonClaims(email=("mail", "email")),
        )
        for name, each in providers.items()
    ]
    module = ModuleType("directory")
    module.identity_providers = hookimpl(lambda: nouns)  # type: ignore[attr-defined]
    return module


@asynccontextmanager
async def town_at(port: int, *given: Any, declared: bool = False, **more: Any) -> AsyncIterator[Litestar]:
    """The application at this port, as long as the block lasts; its providers are `declared` by a plugin, or named by
    the settings."""
    settings, environ = settings_for(*given, **more)
    plugins = [DiscoveredPlugin.of("directory", declaring(given[3]))] if declared else []
    if declared:
        settings = structs.replace(settings, sign_in=SignIn())
    app = create_app(settings, plugins=plugins, environ=environ, modules=find_modules())
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    while not (server.started or serving.done()):
        await asyncio.sleep(0.02)
    try:
        yield app
    finally:
        app.state.stopping.set()
        server.should_exit = True
        await serving
