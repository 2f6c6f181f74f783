"""Figures by the API: for tokens that say so, and public ones for everybody."""

from datetime import date
from types import ModuleType

from msgspec import structs

from parvis.plugins.registry import DiscoveredPlugin, PluginDeclarations
from parvis_sdk.contents import Amount, Table
from parvis_sdk.figures import Figure
from parvis_sdk.text import Text

TITLE = Text(fr="Coût", en="Cost")


async def test_figures_are_for_those_whose_token_says_so(api):
    await api.filed()
    headers = await api.token("reports:read")
    shown = (await api.get("/figures", headers=headers)).json()
    assert shown["total"]["received"] == 1
    assert [line["code"] for line in shown["by_type"]] == ["hole"]
    assert sum(each["requests"] for each in shown["ages"]) == shown["total"]["standing"]
    assert shown["definitions"]["reopened"]["title"] == "Rouvertes"
    elsewhere = (await api.get("/figures", headers=await api.token("reports:read", unit="parks"))).json()
    assert elsewhere["total"]["received"] == 0
    assert (await api.get("/figures")).status_code == 401
    assert (await api.get("/figures", headers=headers, since="2026-99-01")).status_code == 422
    assert (await api.get("/figures", headers=headers, since="2026-02-01", until="2026-01-01")).status_code == 422


async def test_public_figures_are_for_everybody_and_an_unknown_parameter_is_refused(api):
    await api.filed()
    shown = (await api.get("/public-figures")).json()
    assert shown["total"]["received"] == 1
    for path in ("/figures", "/public-figures"):
        (error,) = (await api.get(path, nobody_asked="1")).json()["errors"]
        assert (error["path"], error["code"]) == ("nobody_asked", "unknown_parameter")


async def test_both_are_described_where_the_town_has_dashboards(api):
    told = (await api.get("/openapi.json")).json()
    assert {"/figures", "/public-figures"} <= told["paths"].keys()
    assert {"FiguresShape", "PublicFigures"} <= told["components"]["schemas"].keys()


async def test_figures_of_plugins_are_told_with_who_counts_them_and_with_what_is_missing(api):
    async def cost(view, connection):
        return Amount(cents=1250)

    async def breaks(view, connection):
        raise LookupError

    async def crews(view, connection):
        return Table(caption=TITLE, columns=(TITLE, TITLE), rows=((TITLE, Amount(cents=5)), ("Nord", date(2026, 1, 2))))

    one = Figure(code="cost", title=TITLE, explanation=TITLE, count=cost)
    figures = (one, structs.replace(one, code="broken", count=breaks), structs.replace(one, code="crews", count=crews))
    registry, found = api.host.plugins, DiscoveredPlugin.of("town", ModuleType("test_figures_of_plugins"))
    heard = PluginDeclarations(found=found, settings=None, lists={"figures": figures})
    object.__setattr__(api.host, "plugins", structs.replace(registry, heard=(heard,)))
    shown = (await api.get("/figures", headers=await api.token("reports:read"))).json()
    told = {each["code"]: each for each in shown["plugins"]}
    assert (told["cost"]["cents"], told["cost"]["number"], told["cost"]["missing"]) == (1250, None, False)
    assert (told["broken"]["plugin"], told["broken"]["missing"]) == ("town", True)
    assert told["crews"]["table"]["rows"] == [["Coût", 5], ["Nord", "2026-01-02"]]
    assert "Compté par l’extension town." in shown["definitions"]["town.cost"]["meaning"]
