"""The rules of routing at the desk: read as sentences, written in a draft, tried, put in force and brought back."""

import re

import pytest

from parvis.db import counted
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.requests.history import entries_of
from parvis_routing.kept import ROUTING
from parvis_routing.tables import RuleSet
from parvis_rulesets.files import read_file
from parvis_rulesets.versions import draft_of, in_force
from parvis_testing.desk import PASSWORD, said
from parvis_testing.modules import switch

RULES = "/bureau/regles"
DRAFT = f"{RULES}/brouillon"
NEW = f"{DRAFT}/regle/nouvelle"


@pytest.fixture
def here(desk):
    return desk.deployment.jurisdictions.jurisdiction("parvis")


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


async def add(clerk, **given):
    page = await clerk.get(NEW)
    sent = {"saw": hidden(page, "saw"), "new": hidden(page, "new"), "target": "unit:roads", "priority": "0"}
    return await clerk.post(NEW, **{**sent, **given})


async def put_in_force(clerk, word="Essai"):
    page = await clerk.get(DRAFT)
    return await clerk.post(
        f"{DRAFT}/publication", word=word, edition=hidden(page, "edition"), seen=hidden(page, "seen")
    )


async def test_a_manager_writes_a_rule_and_the_next_request_follows_it_and_says_so(desk):
    clerk = await desk.signed_in("manager")
    await clerk.get(RULES)
    assert said("Edit the rules") in clerk.text
    shown = await clerk.post(NEW, types="hole", _questions="1", target="", priority="0")
    assert "answer_danger" in shown.text
    answer = await add(
        clerk, types="hole", answer_danger="yes", priority="2", title_fr="Trous dangereux", title_en="Dangerous holes"
    )
    assert answer.status_code == 200
    assert said("The rule is saved in the draft.") in clerk.text
    assert "Si Trou, «\u00a0Dangereux ?\u00a0» oui → Voirie, priorité urgente" in answer.text
    await put_in_force(clerk)
    assert said("The rules are in force. They apply to requests received from now on.") in clerk.text
    record = await desk.request(answers={"danger": True})
    assert (record.unit, record.priority) == ("roads", 2)
    number = (await entries_of(record))[0].body["routed"]["rule"]
    page = await clerk.get(f"/bureau/requete/{record.reference}")
    assert f"Règle {number}\u00a0: Trous dangereux" in page.text
    await clerk.post("/bureau/compte/langue", langue="en")
    english = (await entries_of(record))[0].body["routed"]["words"]["en"]
    assert english == f"Rule {number}: Dangerous holes"


async def test_a_version_is_brought_back_with_one_press(desk, here):
    clerk = await desk.signed_in("manager")
    await add(clerk, types="hole")
    await put_in_force(clerk)
    assert (await desk.request()).unit == "roads"
    page = await clerk.get(RULES)
    await clerk.post(f"{RULES}/versions/1/retour", seen=hidden(page, "seen"))
    assert said("The earlier version is in force again.") in clerk.text
    assert (await desk.request()).unit == "citizens"
    await clerk.post(f"{RULES}/versions/2/retour", seen=hidden(page, "seen"))
    assert (
        said("Nothing has changed: somebody put other rules into force in the meantime. Here they are.") in clerk.text
    )
    assert await RuleSet.count() == 3


async def test_a_draft_is_tried_on_past_requests_with_links_to_some(desk):
    holes = [await desk.request() for _ in range(3)]
    await desk.request("quarrel")
    clerk = await desk.signed_in("manager")
    await add(clerk, types="hole", priority="1")
    page = await clerk.get(f"{DRAFT}/essai")
    assert "3 requêtes des 90 derniers jours seraient allées ailleurs." in page.text
    assert "Service aux citoyens" in clerk.text
    assert "Voirie" in clerk.text
    for hole in holes:
        assert f"/bureau/requete/{hole.reference}" in page.text
    with counted() as few:
        await clerk.get(f"{DRAFT}/essai")
    for _ in range(4):
        await desk.request()
    with counted() as many:
        await clerk.get(f"{DRAFT}/essai")
    assert few.count == many.count


async def test_two_managers_at_one_rule_see_what_the_other_wrote_and_lose_nothing(desk, here):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    await add(ana, types="hole")
    rule = (await draft_of(ROUTING, here)).body.rules[-1]
    page = f"{DRAFT}/regle/{rule.id}"
    seen = hidden(await luc.get(page), "saw")
    await ana.get(page)
    sent = {"saw": seen, "new": "", "types": "hole", "priority": "0"}
    await ana.post(page, **sent, target="unit:parks")
    late = await luc.post(page, **sent, target="unit:trees", words="racine")
    assert late.status_code == 409
    assert said("Somebody else changed this rule in the meantime") in luc.text
    assert "Si Trou → Parcs" in late.text
    assert 'value="unit:trees" selected' in late.text
    assert re.search(r">\s*racine</textarea>", late.text)
    sent["saw"] = hidden(late, "saw")
    again = await luc.post(page, **sent, target="unit:trees", words="racine")
    assert again.status_code == 200
    assert (await draft_of(ROUTING, here)).body.rules[-1].unit == "trees"


async def test_a_draft_that_changed_since_it_was_read_is_not_put_in_force(desk, here):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    await add(ana, types="hole")
    page = await ana.get(DRAFT)
    await add(luc, types="quarrel")
    sent = {"edition": hidden(page, "edition"), "seen": hidden(page, "seen")}
    late = await ana.post(f"{DRAFT}/publication", word="Essai", **sent)
    assert late.status_code == 409
    assert said("Not saved: somebody else made a change in the meantime") in ana.text
    assert 'value="Essai"' in late.text
    assert (await in_force(ROUTING, desk.host, here)).version == 0
    dropped = await ana.post(f"{DRAFT}/abandon", **sent)
    assert dropped.status_code == 409
    assert await draft_of(ROUTING, here) is not None


@pytest.mark.parametrize(
    ("given", "words", "where"),
    [
        ({"types": "hole", "target": ""}, "Choisissez à qui attribuer la requête.", "target"),
        ({}, "Sans condition, cette règle s’applique à toutes les requêtes", "types"),
        ({"types": "hole", "first": "11-15"}, "Inscrivez le premier et le dernier jour", "first"),
        ({"types": "hole", "first": "13-01", "last": "02-30"}, "Inscrivez le premier et le dernier jour", "first"),
    ],
)
async def test_what_makes_no_rule_is_said_beside_its_question_and_kept(desk, here, given, words, where):
    clerk = await desk.signed_in("manager")
    answer = await add(clerk, words="fuite\ngaz" if given else "", **given)
    assert answer.status_code == 422
    assert words in clerk.text
    assert f'href="#{where}' in answer.text
    assert await draft_of(ROUTING, here) is None
    if given:
        assert re.search(r"fuite\s+gaz</textarea>", answer.text)


async def test_a_rule_without_a_word_why_is_not_put_in_force(desk, here):
    clerk = await desk.signed_in("manager")
    await add(clerk, types="hole")
    assert (await put_in_force(clerk, word=" ")).status_code == 422
    assert said("Briefly describe the change and the reason for it.") in clerk.text
    assert (await in_force(ROUTING, desk.host, here)).version == 0


async def test_rules_are_moved_and_taken_out_and_the_rest_gets_another_unit(desk, here):
    clerk = await desk.signed_in("manager")
    await add(clerk, types="hole")
    await add(clerk, types="quarrel", target="unit:noise")
    hole, quarrel = (await draft_of(ROUTING, here)).body.rules[-2:]
    await clerk.post(f"{DRAFT}/regle/{quarrel.id}/place", _up="1")
    assert [rule.id for rule in (await draft_of(ROUTING, here)).body.rules[-2:]] == [quarrel.id, hole.id]
    page = await clerk.get(DRAFT)
    sign = re.search(rf'regle/{hole.id}/retrait.*?name="saw" value="(\w+)"', page.text, re.DOTALL)[1]
    await clerk.post(f"{DRAFT}/regle/{hole.id}/retrait", saw=sign)
    page = await clerk.get(DRAFT)
    saw = re.search(r'/defaut".*?name="saw" value="(\w+)"', page.text, re.DOTALL)[1]
    await clerk.post(f"{DRAFT}/defaut", default="parks", saw=saw)
    assert (await clerk.post(f"{DRAFT}/defaut", default="noise", saw=saw)).status_code == 409  # a colleague was first
    draft = await draft_of(ROUTING, here)
    assert hole.id not in {rule.id for rule in draft.body.rules}
    assert draft.body.default == "parks"
    text = (await clerk.get(DRAFT)).text
    assert said("New") in text
    assert said("Changes from the rules in force") in text


@pytest.mark.parametrize(("role", "unit"), [("agent", ""), ("manager", "roads"), ("observer", ""), ("clerk", "")])
async def test_who_may_not_change_the_rules_of_the_whole_town_only_reads_them(desk, here, role, unit):
    editor = await desk.signed_in("manager", name="Hélène")
    secret = {"types": "hole", "words": "fuite"}
    await add(editor, **secret)
    await put_in_force(editor)
    page = await editor.get(RULES)
    clerk = await desk.signed_in(role, unit)
    text = (await clerk.get(RULES)).text
    assert "fuite" not in text
    assert "mots de la requête" in text
    assert said("Edit the rules") not in text
    assert "retour" not in text
    for path in (DRAFT, NEW, f"{DRAFT}/essai"):
        assert (await clerk.http.get(path)).status_code == 403
    for path in (NEW, f"{DRAFT}/publication", f"{DRAFT}/abandon", f"{DRAFT}/defaut", f"{RULES}/versions/1/retour"):
        answer = await clerk.post(path, seen=hidden(page, "seen"), default="parks", edition="1", word="x")
        assert answer.status_code == 403
    assert (await in_force(ROUTING, desk.host, here)).version == 2


async def test_rules_are_saved_as_a_file_and_brought_back_from_one(desk, here):
    clerk = await desk.signed_in("manager")
    await add(clerk, types="hole", words="fuite")
    draft = await draft_of(ROUTING, here)
    saved = await clerk.http.get(f"{RULES}/regles.toml?brouillon")
    assert read_file(ROUTING, saved.content) == draft.body
    in_force_now = await clerk.http.get(f"{RULES}/regles.toml")
    assert b"fuite" not in in_force_now.content
    page = await clerk.get(DRAFT)
    sign = re.search(r'fichier".*?name="saw" value="(\w+)"', page.text, re.DOTALL)[1]
    await clerk.post(f"{DRAFT}/fichier", saw=sign, files={"file": ("r.toml", in_force_now.content)})
    assert said("The draft has been replaced by the content of the file.") in clerk.text
    assert len((await draft_of(ROUTING, here)).body.rules) == len(draft.body.rules) - 1
    late = await clerk.post(f"{DRAFT}/fichier", saw=sign, files={"file": ("r.toml", saved.content)})
    assert late.status_code == 409
    wrong = await clerk.post(f"{DRAFT}/fichier", saw=sign, files={"file": ("r.toml", b"default = ")})
    assert wrong.status_code == 422
    assert said("The file could not be read") in clerk.text
    assert (await clerk.post(f"{DRAFT}/fichier", saw=sign)).status_code == 422


async def test_who_answers_for_a_sector_only_changes_no_procedure(desk):
    """Rules hold wherever a request lies."""
    grants = (Grant(role="manager", jurisdiction="parvis", unit="", zones=("plateau",)),)
    chief = desk.browser()
    chief.person = await add_agent(
        desk.host.engine, email="chef@parvis.example", name="Chef", password=PASSWORD, grants=grants
    )
    chief.http.cookies.set("parvis_session", await begin_session(desk.host.engine, chief.person.id, "Tests"))
    assert (await chief.get(f"{DRAFT}")).status_code == 403


async def test_where_it_is_off_requests_stay_and_new_ones_go_where_the_file_of_the_town_says(desk, here):
    clerk = await desk.signed_in("manager")
    await add(clerk, types="hole", title_fr="Trous", title_en="Holes")
    await put_in_force(clerk)
    before = await desk.request()
    assert before.unit == "roads"
    assert f'href="{RULES}"' in (await clerk.get("/bureau/compte")).text
    await switch(desk.host, "off", "routing")
    assert (await desk.request()).unit == "citizens"
    assert (await desk.record(before.reference)).unit == "roads"
    shown = await clerk.get(f"/bureau/requete/{before.reference}")
    assert said("Reason for this unit") in clerk.text
    assert "\u00a0: Trous" in shown.text
    assert RULES not in shown.text
    assert RULES not in (await clerk.get("/bureau/compte")).text
    await switch(desk.host, "on", "routing")
    assert (await in_force(ROUTING, desk.host, here)).version == 2
    assert (await desk.request()).unit == "roads"
