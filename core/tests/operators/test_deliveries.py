"""What operators see of deliveries and do about them."""

from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery
from parvis.outbox import circuits, line
from parvis.people.agents import Grant
from parvis.troubles import only_words


async def given_up(site, *lines, state="dead", trouble="the ERP said no"):
    changed = {Delivery.state: state, Delivery.trouble: trouble, Delivery.attempts: 12}
    async with transaction(site.host.engine):
        await Delivery.update(changed).where(Delivery.id.is_in([each.id for each in lines]))


async def test_the_list_shows_what_is_not_done_with_reason_tries_and_next_try(site):
    await site.sign_in(language="en")
    [one] = await site.deliveries()
    await given_up(site, one, state="postponed")
    page = await site.page("/livraisons")
    for words in (one.reference, "town.tell", "Postponed", "the ERP said no", ">12<", "submitted"):
        assert words in page, words


async def test_the_list_is_narrowed_by_state_subscriber_and_reference_and_read_page_by_page(site, monkeypatch):
    await site.sign_in()
    lines = await site.deliveries(3)
    await given_up(site, lines[0])
    addresses = {each.id: f"/exploitation/livraisons/{each.id}" for each in lines}
    dead = await site.page("/livraisons", etat="dead")
    assert [each.id for each in lines if addresses[each.id] in dead] == [lines[0].id]
    await given_up(site, lines[2], state="done")
    done = await site.page("/livraisons", etat="done")
    assert [each.id for each in lines if addresses[each.id] in done] == [lines[2].id]
    await given_up(site, lines[2], state="waiting")
    typed = lines[1].reference.lower().replace("-", " ")
    one = await site.page("/livraisons", reference=typed, abonne="town.tell")
    assert [each.id for each in lines if addresses[each.id] in one] == [lines[1].id]
    assert "Aucune livraison" in await site.page("/livraisons", abonne="nobody.at_all")
    monkeypatch.setattr("parvis.web.operators.deliveries.PAGE", 2)
    first = await site.page("/livraisons", abonne="town.tell")
    assert [each.id for each in lines if addresses[each.id] in first] == [lines[0].id, lines[1].id]
    second = await site.page("/livraisons", abonne="town.tell", avant=str(lines[1].id))
    assert [each.id for each in lines if addresses[each.id] in second] == [lines[2].id]


async def test_deliveries_of_a_town_are_for_its_own_operators(site):
    [one] = await site.deliveries()
    await given_up(site, one)
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert one.reference not in await site.page("/livraisons", etat="dead")
    assert "Aucune livraison" in await site.page("/livraisons", reference=one.reference, etat="dead")
    assert (await site.get(f"/livraisons/{one.id}")).status_code == 404
    for deed in ("relance", "abandon"):
        assert (await site.post(f"/livraisons/{one.id}/{deed}", "/livraisons", reason="Non")).status_code == 404
    assert (await line(one.id)).state == "dead"


async def test_one_given_up_goes_out_again_when_it_is_revived(site):
    await site.sign_in()
    [one] = await site.deliveries()
    await given_up(site, one)
    answer = await site.post(f"/livraisons/{one.id}/relance", f"/livraisons/{one.id}")
    assert answer.status_code == 303
    assert "La livraison est relancée" in (await site.http.get(answer.headers["location"])).text
    now = await line(one.id)
    assert (now.state, now.attempts) == ("waiting", 0)


async def test_many_are_revived_after_they_were_counted(site):
    await site.sign_in()
    lines = await site.deliveries(3)
    await given_up(site, *lines)
    async with transaction(site.host.engine):
        for _ in range(5):
            await circuits.failed(site.host.engine, "town.tell", only_words("no answer"))
    assert "3 livraisons ont été abandonnées" in await site.page("/livraisons/relance", abonne="town.tell")
    next_year = (clock.now() + timedelta(days=366)).date().isoformat()
    assert "0 livraison a été abandonnée" in await site.page("/livraisons/relance", depuis=next_year)
    answer = await site.post("/livraisons/relance", "/livraisons/relance", abonne="town.tell", depuis="")
    assert answer.headers["location"] == "/exploitation/livraisons?fait=relancees&n=3"
    assert "3 livraisons sont relancées" in (await site.http.get(answer.headers["location"])).text
    assert {(await line(each.id)).state for each in lines} == {"waiting"}
    assert await circuits.states() == ()


async def test_one_is_given_up_for_good_only_with_a_reason(site):
    await site.sign_in()
    [one] = await site.deliveries()
    where = f"/livraisons/{one.id}"
    refused = await site.post(f"{where}/abandon", where, reason="   ")
    assert refused.status_code == 422
    assert "Indiquez brièvement la raison" in refused.text
    assert (await line(one.id)).state == "waiting"
    done = await site.post(f"{where}/abandon", where, reason="Livré à la main")
    assert done.status_code == 303
    now = await line(one.id)
    assert (now.state, str(now.trouble)) == ("skipped", "Livré à la main")
    late = await site.http.post(f"/exploitation{where}/relance", data={"_csrf": "x"})
    assert late.status_code == 403


async def test_a_form_from_elsewhere_changes_nothing(site):
    await site.sign_in()
    [one] = await site.deliveries()
    await given_up(site, one)
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {}):
        answer = await site.http.post("/exploitation/livraisons/relance", data={"abonne": ""}, headers=headers)
        assert answer.status_code == 403
    assert (await line(one.id)).state == "dead"


async def test_a_delivery_that_is_none_is_not_found(site):
    await site.sign_in()
    for id in ("not-an-id", "018f0000-0000-7000-8000-000000000000", "%ff", "..%2f.."):
        assert (await site.get(f"/livraisons/{id}")).status_code == 404
    assert (await site.get("/livraisons/%00")).status_code == 400
    assert (await site.get("/livraisons", avant="'; DROP TABLE delivery", etat="x", n="9" * 400)).status_code == 200
    assert (await site.get("/livraisons", fait="relancees", n="beaucoup")).status_code == 200
