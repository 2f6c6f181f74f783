"""A host put together: its plugins, its database of the right age, and what it says when something is wrong."""

from types import ModuleType

import httpx
import pytest

from parvis.app import create_app
from parvis.db import DatabaseAway, DatabaseTooOld
from parvis.deployment import PluginsInTrouble, open_deployment
from parvis.jurisdictions import JurisdictionError
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis_sdk.hooks import hookimpl


def broken_plugin() -> DiscoveredPlugin:
    module = ModuleType("broken")

    @hookimpl
    def request_types():
        raise RuntimeError("no luck")

    module.request_types = request_types
    return DiscoveredPlugin.of("broken", module)


async def test_a_host_opens_with_its_plugins_and_closes_its_database(settings):
    async with open_deployment(settings, []) as deployment:
        assert deployment.jurisdictions.default == "parvis"
        assert "notify" in deployment.plugins.by_name
        assert deployment.host.base_url == "http://127.0.0.1"


async def test_a_broken_plugin_is_left_out_and_named_and_strict_settings_refuse_it(settings):
    from msgspec import structs

    async with open_deployment(settings, [broken_plugin()]) as deployment:
        assert "no luck" in "".join(str(trouble) for trouble in deployment.plugins.troubles)
    with pytest.raises(PluginsInTrouble, match="no luck"):
        async with open_deployment(structs.replace(settings, strict=True), [broken_plugin()]):
            pass


async def test_a_database_without_tables_is_refused_or_made_when_asked(tmp_path, settings):
    from msgspec import structs

    fresh = structs.replace(settings, database=f"sqlite:///{tmp_path}/fresh.sqlite")
    (tmp_path / "fresh.sqlite").touch()
    with pytest.raises(DatabaseTooOld, match="parvis migrate"):
        async with open_deployment(fresh, []):
            pass
    async with open_deployment(fresh, [], migrating=True) as deployment:
        assert deployment.host.engine is not None


async def test_a_territory_with_mistakes_is_not_opened(tmp_path, settings):
    from msgspec import structs

    with pytest.raises(JurisdictionError):
        async with open_deployment(structs.replace(settings, territory=tmp_path / "none"), []):
            pass


async def test_a_database_that_went_away_is_told_to_come_back_later(settings, monkeypatch):
    app = create_app(settings, [])

    async def away(*given, **named):
        raise DatabaseAway("gone")

    monkeypatch.setattr("parvis.web.portal.home.most_asked", away)
    async with app.lifespan(), httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as http:
        page = await http.get("http://127.0.0.1/fr", headers={"accept": "text/html"})
        data = await http.get("http://127.0.0.1/fr", headers={"accept": "application/json"})
    assert page.status_code == data.status_code == 503
    assert int(page.headers["retry-after"]) > 0
    assert "gone" not in page.text + data.text


def test_secure_cookies_follow_the_public_address():
    from pathlib import Path

    from parvis.example_towns import town_folder

    for address, is_secure in (("https://ville.example", True), ("http://127.0.0.1", False)):
        settings = Settings(territory=town_folder(), secret_key="s" * 40, base_url=address, data=Path("unused"))
        assert settings.address.startswith("https:") is is_secure
