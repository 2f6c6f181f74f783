"""Figures by the API: for tokens that say so, and public ones for everybody."""


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
