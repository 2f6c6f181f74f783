"""It is not settled: the same request comes back higher, a manager decides the second time, others are counted."""

from datetime import timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.notify.telling import tell
from parvis.people.agents import Grant, add_agent
from parvis.plugins import DiscoveredPlugin
from parvis.requests.contacts import contact_of
from parvis.requests.history import entries_of
from parvis.requests.links import settled_url
from parvis.requests.payloads import request_for
from parvis.requests.persons import followers
from parvis.requests.priority_names import PRESSING, URGENT
from parvis.requests.records import find
from parvis.requests.relations.ties import ties_of
from parvis.requests.timeline import story
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.settings import Settings
from parvis_closing_question.standing import ALSO, DAYS, TIMES, closing_of
from parvis_sdk.events import Moved
from parvis_sdk.fields import Consent, Photo
from parvis_sdk.forms import Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, Visibility
from parvis_sdk.requests import Phase
from parvis_sdk.workflow import State, Transition, reason_form
from parvis_testing.portal import SECRET, moved
from parvis_testing.services import HOLE, LAMPS, LIFE, NOISE, plugin_of, said
from parvis_testing.visitors import HOST

CALLED = Consent(
    code="may_call", label=said("Rappel", "Call"), statement=said("Appelez-moi.", "Call me."), required=False
)
PHOTOS = Photo(code="photos", label=said("Photos", "Photos"), required=False, most=2)
WHY = reason_form(required=False)
SAYS_WHY = structs.replace(
    WHY, sections=(*WHY.sections, Section(code="more", title=said("De plus", "More"), fields=(PHOTOS, CALLED)))
)
TAG = structs.replace(
    NOISE,
    place=PlaceRule(precision=200),
    identity=IdentityRule(modes=("named",)),
    visibility=Visibility(),
)
ELSEWHERE = structs.replace(
    LIFE,
    states=(*LIFE.states, State(code="not_ours", title=said("Ailleurs", "Elsewhere"), phase=Phase.CLOSED)),
    transitions=(
        *(structs.replace(each, asks=SAYS_WHY) if each.code == "not_fixed" else each for each in LIFE.transitions),
        Transition(code="refer", title=said("Diriger", "Refer"), sources=("working",), target="not_ours"),
        Transition(
            code="still_there",
            title=said("C’est encore là", "It is still there"),
            sources=("not_ours",),
            target="working",
            by=("requester",),
            asks=reason_form(required=False),
        ),
    ),
)


@pytest.fixture(scope="module")
def whole_app(compiled_templates, modules):
    hole = structs.replace(HOLE, workflow=ELSEWHERE)
    settings = Settings(
        territory=town_folder(), secret_key=SECRET, base_url=HOST, data=compiled_templates, worker=False
    )
    return create_app(settings, [DiscoveredPlugin.of("town", plugin_of(hole, LAMPS, TAG))], modules=modules)


async def repaired(host, reference):
    state = (await find(host, reference)).state
    await moved(host, reference, *(["start"] if state == "received" else []), "repair")


async def say_no(browser, reference):
    await browser.open(f"/fr/suivi/{reference}/regle?reponse=non")
    return await browser.send({"reason": "Le trou est revenu."})


async def links_of(host, reference):
    """The paths of the links that letters to the followers of a request carry, by their addresses."""
    known = await followers.followers_of(host, await find(host, reference))
    return {each.email: each.stop_url.removeprefix(HOST) for each in known}


async def letters(host, reference, move, actor="agent"):
    """What this step, just made, has people written to, by their addresses."""
    record = await find(host, reference)
    told = {"reference": reference, "at": clock.now(), "actor": actor, "type": "hole", "tell": True}
    event = Moved(id="1", transition=move, source="working", target=record.state, **told)
    outcome = await tell.handler(event, await request_for(host, record, ("contact", "followers")))
    return {each.to: each for each in outcome.messages}


@pytest.fixture
async def followed(submit, host):
    receipt = await submit()
    for email, language in (("luc@exemple.ca", "fr"), ("mary@exemple.ca", "en"), ("noe@exemple.ca", "fr")):
        await followers.follow(host, receipt.reference, email, language)
    for link in (await links_of(host, receipt.reference)).values():
        await followers.confirm(host, link.rsplit("/", 1)[-1])
    return receipt.reference


async def test_the_same_unit_gets_it_back_higher_and_who_is_in_charge_decides_the_second_time(opened, host):
    browser, receipt = opened
    record = await find(host, receipt.reference)
    grants = [Grant(jurisdiction="parvis", unit=record.unit, role="manager")]
    boss = await add_agent(host.engine, email="chef@exemple.ca", name="Luce Roy", password="x" * 20, grants=grants)
    await repaired(host, receipt.reference)
    assert (await find(host, receipt.reference)).phase is Phase.DECIDED
    await say_no(browser, receipt.reference)
    once = await find(host, receipt.reference)
    assert (once.state, once.unit, once.assignee, once.priority) == ("working", record.unit, None, PRESSING)
    await repaired(host, receipt.reference)
    await say_no(browser, receipt.reference)
    twice = await find(host, receipt.reference)
    assert (twice.unit, str(twice.assignee), twice.priority) == (record.unit, boss.id, URGENT)
    rules = [each.body["by_rule"] for each in await entries_of(twice) if "by_rule" in each.body]
    assert rules == ["not_fixed", "not_fixed", "not_fixed_again"]


async def test_whoever_follows_is_asked_by_letter_in_their_language_and_opening_a_link_changes_nothing(
    followed, host, visitor
):
    await repaired(host, followed)
    written = await letters(host, followed, "repair")
    assert "Est-ce réglé?\nNon, ce n’est pas réglé\u00a0: http" in written["luc@exemple.ca"].text
    assert "Is it resolved?\nNo, it is not resolved: http" in written["mary@exemple.ca"].text
    assert "Oui, c’est réglé" in written["zoe@exemple.ca"].text
    before = await find(host, followed)
    robot = await visitor().open((await links_of(host, followed))["mary@exemple.ca"])
    assert "Is it resolved?" in robot.text
    assert (await find(host, followed)).version == before.version


async def test_each_of_them_counts_once_and_two_open_it_again(followed, host, visitor):
    await repaired(host, followed)
    links = await links_of(host, followed)
    luc = await visitor().open(links["luc@exemple.ca"])
    page = luc.page
    await luc.send({"do": "not_fixed"})
    assert "1 personne dit que ce n’est pas réglé." in luc.text
    assert 'value="not_fixed"' not in luc.page.text
    luc.page = page
    await luc.send({"do": "not_fixed"})
    assert (await find(host, followed)).state == "repaired"
    noe = await visitor().open(links["noe@exemple.ca"])
    await noe.send({"do": "not_fixed"})
    assert "2 personnes disent que ce n’est pas réglé." in noe.text
    record = await find(host, followed)
    assert (record.state, record.priority, record.settled) == ("working", PRESSING, None)
    assert "2 personnes disent que ce n’est pas réglé." in (await visitor().open(f"/fr/requete/{followed}")).text
    written = await letters(host, followed, "not_fixed", "system")
    assert "D’autres personnes indiquent que ce n’est pas réglé." in written["zoe@exemple.ca"].text
    await repaired(host, followed)
    assert "pas réglé" not in (await visitor().open(f"/fr/requete/{followed}")).text


async def test_nobody_who_follows_is_asked_before_it_is_done_or_after_they_stopped(followed, host, visitor):
    link = (await links_of(host, followed))["luc@exemple.ca"]
    luc = await visitor().open(link)
    assert "Est-ce réglé?" not in luc.text
    await luc.send({"do": "not_fixed"})
    assert (await find(host, followed)).priority == 0
    other_tab = await visitor().open(link)
    await luc.send({"do": "stop"})
    await repaired(host, followed)
    await luc.open(link)
    assert "Est-ce réglé?" not in luc.text
    assert (await other_tab.send({"do": "not_fixed"})).status == 404


async def test_of_what_another_body_sees_to_one_is_asked_whether_it_is_still_there(opened, host):
    browser, receipt = opened
    await moved(host, receipt.reference, "start", "refer")
    request = await request_for(host, await find(host, receipt.reference), ("contact",))
    assert (request.asks, "/regle?jeton=" in request.settled_url) == ("still_there", True)
    text = (await letters(host, receipt.reference, "refer"))["zoe@exemple.ca"].text
    assert "Est-ce encore là?" in text
    assert "Oui, c’est encore là" in text
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "Est-ce encore là?" in browser.text
    await browser.open(f"/fr/suivi/{receipt.reference}/regle?reponse=non")
    assert browser.path.endswith("/action/still_there")
    await browser.send({"reason": "Rien n’a changé."})
    record = await find(host, receipt.reference)
    assert (record.state, record.settled, record.priority) == ("working", None, PRESSING)
    await moved(host, receipt.reference, "refer")
    await browser.open(f"/fr/suivi/{receipt.reference}/regle")
    await browser.send({"do": "yes"})
    assert (await find(host, receipt.reference)).settled is None


async def test_too_late_a_new_request_begins_with_all_that_was_said_and_is_tied(opened, host):
    browser, receipt = opened
    await repaired(host, receipt.reference)
    await moved(host, receipt.reference, "close")
    with clock.moved_to(clock.now()) as later:
        later.forward(days=(DAYS + timedelta(days=1)).days)
        await browser.open(f"/fr/suivi/{receipt.reference}/regle?reponse=non")
        assert "Faire une nouvelle requête" in browser.text
        page, headers = browser.page, {"referer": str(browser.page.url)}
        await browser.send({}, headers=headers)
        assert "1234, rue Rachel Est" in browser.page.text
        assert "Vous avez déjà un brouillon" not in browser.text
        browser.page = page
        await browser.send({}, headers=headers)
        form = browser.path
        assert "." not in browser.http.cookies.get("parvis_draft_hole"), "it is begun once"
        await browser.open(f"{form}/verification")
        assert "Zoé Côté" in browser.text
        await browser.send({})
        assert browser.path.endswith("/recu")
    new = await find(host, browser.path.split("/")[-2])
    old = await find(host, receipt.reference)
    assert (new.answers, new.address) == (old.answers, old.address)
    assert (await contact_of(new)).email == "zoe@exemple.ca"
    assert [(each.kind, each.record.reference) for each in await ties_of(new)] == [("about", old.reference)]
    assert "tied" in [each.kind for each in await entries_of(old)]


OPENERS = ("requester", "system")


async def said_by_both(host, visitor, reference):
    for email in ("luc@exemple.ca", "noe@exemple.ca"):
        follower = await visitor().open((await links_of(host, reference))[email])
        await follower.send({"do": "not_fixed"})


async def test_what_a_requester_writes_while_others_open_it_is_kept_as_a_message_and_once(
    followed, host, visitor, jpeg
):
    await repaired(host, followed)
    request = await request_for(host, await find(host, followed), ("contact",))
    browser = await visitor().open(request.settled_url.removeprefix(HOST))
    question = browser.page
    await browser.open(f"/fr/suivi/{followed}/regle?reponse=non")
    await said_by_both(host, visitor, followed)
    form, photo = browser.page, ("photos", ("preuve.jpg", jpeg, "image/jpeg"))
    await browser.send({"reason": "Ma roue est brisée.", "may_call": "yes"}, files=[photo])
    assert "y est ajouté dans un message" in browser.text
    browser.page = form
    await browser.send({"reason": "Ma roue est brisée.", "may_call": "yes"})
    kept = [each for each in await entries_of(await find(host, followed)) if each.kind == "received"]
    assert [each.personal["words"] for each in kept] == ["Ma roue est brisée.\n\nAppelez-moi."]
    assert len(kept[0].body["files"]) == 1
    browser.page = question
    await browser.send({"words": "Merci à Luc.", "do": "yes"})
    assert "y est ajouté dans un message" in browser.text
    assert "Merci à Luc." in str([each.personal for each in await entries_of(await find(host, followed))])


async def test_too_late_the_link_of_the_question_alone_tells_no_more_than_the_public_page(submit, host, visitor):
    named = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
    receipt = await submit("din", requester=named)
    await moved(host, receipt.reference, "start", "close")
    town = host.jurisdictions.jurisdiction("parvis")
    with clock.moved_to(clock.now()) as later:
        later.forward(days=(DAYS + timedelta(days=1)).days)
        link = settled_url(host, town, await find(host, receipt.reference))
        stranger = await visitor().open(link)
        assert "Vos réponses sont déjà remplies" not in stranger.text
        await stranger.send({})
    assert "Quel bruit?" in stranger.text
    assert not any(each in stranger.page.text for each in ("Une scie.", "rue Rachel", "45.5236", "-73.5807", "Zoé"))


async def follows(host, reference, email):
    await followers.follow(host, reference, email, "fr")
    link = (await links_of(host, reference))[email]
    await followers.confirm(host, link.rsplit("/", 1)[-1])
    return link


async def test_one_mailbox_counts_once_and_who_follows_only_afterwards_opens_nothing(followed, host, visitor):
    other = await follows(host, followed, "luc+2@exemple.ca")
    await repaired(host, followed)
    links = await links_of(host, followed)
    for link in (links["luc@exemple.ca"], other, await follows(host, followed, "tard@exemple.ca")):
        await (await visitor().open(link)).send({"do": "not_fixed"})
    assert (await find(host, followed)).state == "repaired"
    assert "2 personnes disent" in (await visitor().open(other)).text
    assert 'value="not_fixed"' not in (await visitor().open(other)).page.text
    await (await visitor().open(links["noe@exemple.ca"])).send({"do": "not_fixed"})
    assert (await find(host, followed)).state == "working"


async def test_what_others_open_leaves_its_requester_their_three_times(followed, host, visitor):
    for _ in range(TIMES):
        await repaired(host, followed)
        await said_by_both(host, visitor, followed)
    await repaired(host, followed)
    record = await find(host, followed)
    entries = await entries_of(record)
    asked = [closing_of(structs.replace(HOLE, workflow=ELSEWHERE), record, entries, clock.now(), by) for by in OPENERS]
    assert [each.left for each in asked] == [TIMES, 0]


async def test_of_what_another_body_sees_to_followers_are_not_told_of_a_repair(followed, host, visitor):
    await moved(host, followed, "start", "refer")
    await said_by_both(host, visitor, followed)
    assert (await find(host, followed)).state == "working"
    written = await letters(host, followed, "still_there", "system")
    assert "D’autres personnes nous disent que c’est encore là." in written["zoe@exemple.ca"].text
    assert "2 personnes disent que c’est encore là." in (await visitor().open(f"/fr/requete/{followed}")).text
    lines = await story(host, await find(host, followed), SYSTEM_VIEWER, "fr")
    said_too = [each for each in lines if each.kind == ALSO]
    assert {(each.title, each.by_requester) for each in said_too} == {
        ("Une personne qui suit la requête dit que c’est encore là", False)
    }
    assert "réglé" not in str([(each.title, each.words) for each in lines])
