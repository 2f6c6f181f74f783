"""The pretend town in which a plugin is tried: its files, its database, and one person who may do everything."""

import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.settings import Settings

CODE = "essai"
TERRITORY = f'default = "{CODE}"\n'
TOWN = """\
name = { fr = "Ville d’Essai", en = "Town of Essai" }
phone = "450 555-0100"
email = "info@essai.example"
language_regime = "bilingual"
time_zone = "America/Toronto"

[address]
fr = "1, rue de l’Essai"
en = "1, rue de l’Essai"

[privacy_notice]
fr = "Ville d’essai, sur cette seule machine. Tout disparaît à la fin."
en = "A town for trying, on this machine alone. All of it goes at the end."

[routes]
default = "town_hall"

[calendar]
holidays = "quebec"
"""
UNITS = """\
[town_hall]
name = { fr = "Mairie", en = "Town hall" }
email = "mairie@essai.example"
"""
ROLES = ("manager", "agent", "operator", "privacy", "auditor")
EMAIL = "essai@essai.example"


class Trial(Struct, frozen=True, kw_only=True):
    """A pretend town on this machine: its settings, those of the plugin, where the key of the one person's session
    is kept, the address that gives it to a browser, and the language of what is told."""

    settings: Any
    environ: dict[str, str]
    session: Path
    way_in: str
    language: str


def write_town(home: Path, plugin_names: tuple[str, ...]) -> None:
    """The files of the town, which offers what these plugins declare; with none named, whatever is installed."""
    from parvis.example_towns import town_folder

    example, town = town_folder() / "rivemont", home / CODE
    town.mkdir(parents=True, exist_ok=True)
    (home / "territory.toml").write_text(TERRITORY, "utf-8")
    offered = f"plugins = {msgspec.json.encode(plugin_names).decode()}\n" if plugin_names else ""
    (town / "jurisdiction.toml").write_text(offered + TOWN, "utf-8")
    (town / "units.toml").write_text(UNITS, "utf-8")
    for name in ("boundary.geojson", "addresses.csv"):
        shutil.copy(example / name, town / name)


def trial_settings(folder: Path, port: int, environ: dict[str, str]) -> "Settings":
    """Settings of the trial alone: of the environment only what is set for the plugin is read."""
    from parvis.settings import read_settings

    return read_settings(
        None,
        environ,
        territory=folder / "town",
        secret_key=secrets.token_urlsafe(48),
        data=folder / "data",
        host="127.0.0.1",
        port=port,
        demo=True,
        worker=False,
        grace=1,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}},
    )


async def prepare(trial: Trial) -> None:
    """Make the database, have every module in service, and sign the one person in."""
    from parvis.deployment import open_deployment

    trial.settings.data.mkdir(parents=True, exist_ok=True)
    async with open_deployment(trial.settings, migrating=True, environ=trial.environ) as deployment:
        session = await moved_in(deployment)
    trial.session.touch(mode=0o600)
    trial.session.write_text(session, "utf-8")


async def moved_in(deployment: "Deployment") -> str:
    from parvis.people.agents import Grant, add_agent
    from parvis.people.sessions import begin_session
    from parvis_demo.prepare import switch_on

    engine = deployment.host.engine
    await switch_on(engine, deployment.host.modules)
    grants = [Grant(role=role, jurisdiction=CODE, unit="town_hall") for role in ROLES]
    person = await add_agent(
        engine, email=EMAIL, name="Camille Essai", password=secrets.token_urlsafe(24), grants=grants
    )
    return await begin_session(engine, person.id, "parvis plugins run", proved=True)
