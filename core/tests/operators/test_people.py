"""Accounts opened and closed and roles given, each within the towns that an operator runs."""

import pyotp

from parvis import clock
from parvis.people.agents import Grant, get_agent
from parvis.people.granting import give, set_active, take
from parvis.people.one_time import enrol, new_secret
from parvis.people.sessions import begin_session, person_of
from parvis.people.sign_in_log import latest


async def test_a_closed_account_is_signed_out_at_once_and_may_be_opened_again(site):
    await site.sign_in()
    agent = await site.account("claire@parvis.example", grants=(Grant(role="agent", jurisdiction="parvis"),))
    page = await site.page("/personnes")
    assert "claire@parvis.example" in page
    assert "toute la ville" in page
    closed = await site.post("/personnes", "/personnes", id=agent.id, active="non")
    assert closed.headers["location"].endswith("fait=ferme")
    assert not (await get_agent(site.host.engine, agent.id)).active
    await site.post("/personnes", "/personnes", id=agent.id, active="oui")
    assert (await get_agent(site.host.engine, agent.id)).active


async def test_nobody_closes_their_own_account_nor_one_of_a_town_run_by_others(site):
    operator = await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    other = await site.account("claire@parvis.example", grants=(Grant(role="agent", jurisdiction="parvis"),))
    here = await site.account("jo@rivemont.example", grants=(Grant(role="agent", jurisdiction="rivemont"),))
    page = await site.page("/personnes")
    assert "jo@rivemont.example" in page
    assert "claire@parvis.example" not in page
    for id in (operator.id, other.id, "nobody", ""):
        refused = await site.post("/personnes", "/personnes", id=id, active="non")
        assert refused.headers["location"].endswith("fait=refuse")
    assert (await get_agent(site.host.engine, operator.id)).active
    assert (await get_agent(site.host.engine, other.id)).active
    assert "refuse" not in (await site.post("/personnes", "/personnes", id=here.id, active="non")).headers["location"]


async def test_roles_are_given_with_sectors_and_taken_and_the_page_tells_by_whom(site):
    await site.sign_in()
    luc = await site.account("luc@parvis.example", grants=(), name="Luc Roy")
    here = f"/personnes/{luc.id}"
    wrong = await site.post(f"{here}/roles", here, role="king", where="parvis/nowhere")
    assert wrong.status_code == 422
    sent = {"role": "contractor", "where": "parvis/collections", "zones": ["plateau", "outremont"]}
    assert (await site.post(f"{here}/roles", here, **sent)).headers["location"].endswith("fait=donne")
    assert (await site.post(f"{here}/roles", here, **sent)).headers["location"].endswith("fait=deja")
    given = Grant(role="contractor", jurisdiction="parvis", unit="collections", zones=("outremont", "plateau"))
    assert (await get_agent(site.host.engine, luc.id)).grants == (given,)
    page = await site.page(here)
    assert "Le Plateau-Mont-Royal" in page
    assert "Karim Diallo" in page
    for number in ("1", "-1", "x", "99999"):
        assert (await site.post(f"{here}/roles", here, take=number)).headers["location"].endswith("fait=refuse")
    assert (await site.post(f"{here}/roles", here, take="0")).headers["location"].endswith("fait=retire")
    assert (await get_agent(site.host.engine, luc.id)).grants == ()


async def test_the_last_operator_of_a_town_is_shut_out_by_no_page(site):
    me = await site.sign_in()
    alone = await site.account("edna@parvis.example", grants=(Grant(role="operator", jurisdiction="parvis"),))
    await take(site.host.engine, me.id, Grant(role="operator", jurisdiction="parvis"), by="x")
    # Who runs another town only does not even see it.
    assert (await site.get(f"/personnes/{alone.id}")).status_code == 404
    await give(site.host.engine, me.id, Grant(role="operator", jurisdiction="parvis"), by="x")
    own = await site.post(f"/personnes/{me.id}/roles", f"/personnes/{me.id}", take="0")
    assert own.headers["location"].endswith("fait=soi")
    await set_active(site.host.engine, alone.id, False)
    assert await take(site.host.engine, me.id, Grant(role="operator", jurisdiction="parvis"), by="x") == ("parvis",)


async def test_lost_codes_are_forgotten_by_an_operator_who_may_change_the_account(site):
    me = await site.sign_in(grants=(Grant(role="operator", jurisdiction="parvis"),))
    luc = await site.account("luc@parvis.example", grants=(Grant(role="agent", jurisdiction="parvis"),))
    other = await site.account(
        "jo@parvis.example", grants=tuple(Grant(role="agent", jurisdiction=town) for town in ("parvis", "rivemont"))
    )
    for one in (luc, other, me):
        secret = new_secret()
        await enrol(site.host.engine, one.id, secret, pyotp.TOTP(secret).at(clock.now()), site.host.secret)
    token = await begin_session(site.host.engine, luc.id)
    for one, answer in ((luc, "sans-code"), (other, "refuse"), (me, "refuse")):
        here = f"/personnes/{one.id}"
        assert (await site.post(f"{here}/codes", here)).headers["location"].endswith(f"fait={answer}")
        assert (await get_agent(site.host.engine, one.id)).one_time is (answer == "refuse")
    assert await person_of(site.host.engine, token) is None
    line, *_ = await latest(site.host.engine, [luc.id])
    assert (line.kind, line.by) == ("lost", me.id)


async def test_a_role_that_groups_gave_is_shown_as_such(site):
    await site.sign_in()
    by_groups = (Grant(role="agent", jurisdiction="parvis", unit="roads", source="ville"),)
    await site.account("lea@parvis.example", grants=by_groups, name="Léa Roy")
    assert "selon les groupes chez ville" in await site.page("/personnes")
