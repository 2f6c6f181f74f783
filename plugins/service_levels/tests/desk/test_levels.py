"""Service levels at the desk: read as sentences, written in a draft, tried, put in force and brought back."""

import re
from datetime import UTC, datetime

import pytest

from parvis import clock
from parvis.db import counted
from parvis.requests.actors import Actor
from parvis.requests.clocks.clocks import clocks_of, shown_of
from parvis.requests.lifecycle import make_move
from parvis_rulesets.editing import sign_of
from parvis_rulesets.files import read_file
from parvis_rulesets.versions import draft_of, in_force
from parvis_service_levels.escalation import Escalation
from parvis_service_levels.kept import LEVELS
from parvis_service_levels.tables import LevelSet
from parvis_testing.desk import said
from parvis_testing.modules import switch

DELAYS = "/bureau/delais"
DRAFT = f"{DELAYS}/brouillon"
NEW = f"{DRAFT}/ligne/nouvelle"
ANA = Actor(kind="agent", id="ana", name="Ana")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)


@pytest.fixture
def here(desk):
    return desk.deployment.jurisdictions.jurisdiction("parvis")


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


async def add(clerk, **given):
    page = await clerk.get(NEW)
    sent = {"saw": hidden(page, "saw"), "new": hidden(page, "new"), "level": "usual", "measure": "business_days"}
    return await clerk.post(NEW, **{**sent, **given})


async def put_in_force(clerk, word="Essai"):
    page = await clerk.get(DRAFT)
    return await clerk.post(
        f"{DRAFT}/publication", word=word, edition=hidden(page, "edition"), seen=hidden(page, "seen")
    )


async def only(clerk, desk, here, **given):
    """A line of one's own, without those of the files."""
    files = (await in_force(LEVELS, desk.host, here)).body.rules
    await add(clerk, **given)
    for line in files:
        await clerk.post(f"{DRAFT}/ligne/{line.id}/retrait", saw=sign_of(line))


async def the_clock(record):
    return shown_of(await clocks_of(record.id))


async def test_a_manager_writes_a_line_and_the_next_delay_follows_it_and_names_it(desk, here):
    clerk = await desk.signed_in("manager")
    before = await desk.request()
    promised = await the_clock(before)
    await clerk.get(DELAYS)
    assert said("Edit service levels") in clerk.text
    shown = await clerk.post(NEW, type="hole", _levels="1", amount="", measure="hours")
    assert '<option value="usual"' in shown.text
    await add(clerk, type="hole", priorities="2", amount="24", measure="hours")
    assert said("The rule is saved in the draft.") in clerk.text
    assert "priorité urgente : 24 heures" in clerk.text
    await only(clerk, desk, here, type="hole", amount="9")
    await put_in_force(clerk, word="Neuf jours")
    assert said("The levels are in force. They apply to response times that start from now on.") in clerk.text
    after = await desk.request()
    assert (await the_clock(after)).allowance.business_days == 9
    await clerk.get(f"/bureau/requete/{after.reference}")
    assert "9 jours ouvrables : Trou (règle 2, version 2)" in clerk.text
    assert await the_clock(before) == promised
    await clerk.get(f"/bureau/requete/{before.reference}")
    assert "version 2" not in clerk.text
    shown = await clerk.get(DELAYS)
    assert "Neuf jours" in shown.text


async def test_what_is_put_in_force_is_what_residents_read_of_the_service(desk, here):
    clerk = await desk.signed_in("manager")
    await only(clerk, desk, here, type="hole", amount="11")
    await put_in_force(clerk)
    await clerk.get("/fr/services")
    assert "11 jours ouvrables" in clerk.text


async def test_a_draft_is_put_in_force_wherever_it_begins_to_count(desk, here, monkeypatch):
    monkeypatch.setattr("parvis_rulesets.versions.secrets.randbelow", lambda most: most - 1)
    clerk = await desk.signed_in("manager")
    await only(clerk, desk, here, type="hole", amount="11")
    assert (await put_in_force(clerk)).status_code == 200
    assert (await in_force(LEVELS, desk.host, here)).body.rules[0].business_days == 11


async def test_a_version_is_brought_back_with_one_press(desk, here):
    clerk = await desk.signed_in("manager")
    await only(clerk, desk, here, type="hole", amount="9")
    await put_in_force(clerk)
    page = await clerk.get(DELAYS)
    await clerk.post(f"{DELAYS}/versions/1/retour", seen=hidden(page, "seen"))
    assert said("The earlier version is in force again.") in clerk.text
    assert (await the_clock(await desk.request())).because.version == 3
    await clerk.post(f"{DELAYS}/versions/2/retour", seen=hidden(page, "seen"))
    assert (
        said("Nothing has changed: somebody put other levels into force in the meantime. Here they are.") in clerk.text
    )
    assert await LevelSet.count() == 3


async def test_a_draft_is_tried_on_the_promises_of_the_past(desk, here):
    with clock.moved_to(MONDAY) as time:
        late = [await desk.request() for _ in range(2)]
        quick = await desk.request()
        time.forward(days=1)
        await make_move(desk.host, quick.reference, "resolve", {}, actor=ANA, mover="agent")
        time.forward(days=9)
        for each in late:
            await make_move(desk.host, each.reference, "resolve", {}, actor=ANA, mover="agent")
        clerk = await desk.signed_in("manager")
        await only(clerk, desk, here, type="hole", amount="10")
        await clerk.get(f"{DRAFT}/essai")
        told = "Avec 10 jours ouvrables au lieu de 5 jours ouvrables : 100 % respectées au lieu de 33 %."
        assert told in clerk.text
        with counted() as few:
            await clerk.get(f"{DRAFT}/essai")
        for _ in range(4):
            await desk.request()
        with counted() as many:
            await clerk.get(f"{DRAFT}/essai")
        assert few.count == many.count
        assert "7" in clerk.text


async def test_two_managers_at_one_line_see_what_the_other_wrote_and_lose_nothing(desk, here):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    await add(ana, type="hole", amount="9")
    line = (await draft_of(LEVELS, here)).body.rules[-1]
    page = f"{DRAFT}/ligne/{line.id}"
    seen = hidden(await luc.get(page), "saw")
    await ana.get(page)
    sent = {"saw": seen, "new": "", "type": "hole", "level": "usual", "measure": "business_days"}
    await ana.post(page, **sent, amount="8")
    late = await luc.post(page, **sent, amount="7", zones="plateau")
    assert late.status_code == 409
    assert said("Somebody else changed this rule in the meantime") in luc.text
    assert "8 jours ouvrables" in luc.text
    assert re.search(r'name="amount"[^>]* value="7"', late.text)
    assert re.search(r'value="plateau"[^>]*checked', late.text)
    sent["saw"] = hidden(late, "saw")
    assert (await luc.post(page, **sent, amount="7")).status_code == 200
    assert (await draft_of(LEVELS, here)).body.rules[-1].business_days == 7


async def test_a_draft_that_changed_since_it_was_read_is_not_put_in_force(desk, here):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    await add(ana, type="hole", amount="9")
    page = await ana.get(DRAFT)
    await add(luc, type="quarrel", level="*", amount="4")
    sent = {"edition": hidden(page, "edition"), "seen": hidden(page, "seen")}
    late = await ana.post(f"{DRAFT}/publication", word="Essai", **sent)
    assert late.status_code == 409
    assert said("Not saved: somebody else made a change in the meantime") in ana.text
    assert 'value="Essai"' in late.text
    assert (await in_force(LEVELS, desk.host, here)).version == 0
    assert (await ana.post(f"{DRAFT}/abandon", **sent)).status_code == 409


@pytest.mark.parametrize(
    ("given", "words", "where"),
    [
        ({"type": "", "amount": "9"}, "Choisissez un type de requête.", "type"),
        ({"type": "hole", "level": "never", "amount": "9"}, "Choisissez un délai de ce type.", "level"),
        ({"type": "hole", "amount": "neuf"}, "Inscrivez un nombre entier de 1 à 400.", "amount"),
        ({"type": "hole", "amount": "401"}, "Inscrivez un nombre entier de 1 à 400.", "amount"),
        ({"type": "hole", "amount": "0", "measure": "hours"}, "Inscrivez un nombre entier de 1 à 9600.", "amount"),
    ],
)
async def test_what_makes_no_line_is_said_beside_its_question_and_kept(desk, here, given, words, where):
    clerk = await desk.signed_in("manager")
    answer = await add(clerk, seasons="winter", **given)
    assert answer.status_code == 422
    assert words in clerk.text
    assert f'href="#{where}' in answer.text
    assert await draft_of(LEVELS, here) is None
    assert re.search(rf'name="amount"[^>]* value="{given["amount"]}"', answer.text)
    assert re.search(r'value="winter"[^>]*checked', answer.text)


async def test_a_line_that_could_never_fit_is_marked_and_keeps_the_draft_from_being_put_in_force(desk, here):
    clerk = await desk.signed_in("manager")
    await add(clerk, type="*", level="*", amount="3")
    line = (await draft_of(LEVELS, here)).body.rules[-1]
    while (await draft_of(LEVELS, here)).body.rules[0] != line:
        await clerk.post(f"{DRAFT}/ligne/{line.id}/place", _up="1")
    await clerk.get(DRAFT)
    assert "la règle 1 couvre déjà tous ses cas" in clerk.text
    assert (await put_in_force(clerk)).status_code == 422
    assert said("First correct the errors shown below.") in clerk.text
    assert (await in_force(LEVELS, desk.host, here)).version == 0


async def test_a_title_that_goes_on_naming_another_delay_is_pointed_out_and_blocks_nothing(desk, here):
    clerk = await desk.signed_in("manager")
    left = "en indiquent un autre"
    await only(clerk, desk, here, type="hole", level="danger", amount="24", measure="hours")
    await clerk.get(DRAFT)
    assert left not in clerk.text
    await add(clerk, type="hole", level="*", amount="8", zones="plateau")
    await clerk.get(DRAFT)
    assert (
        "Les titres suivants, toujours affichés avec ce délai, en indiquent un autre : « 24 heures », « 5 jours »."
        in (clerk.text)
    )
    await put_in_force(clerk)
    assert said("The levels are in force. They apply to response times that start from now on.") in clerk.text
    assert left not in clerk.text


async def test_warnings_are_changed_in_the_draft_and_another_who_saw_the_old_ones_is_told(desk, here):
    clerk = await desk.signed_in("manager")
    page = await clerk.get(DRAFT)
    saw = {name: hidden(page, name) for name in ("saw_hours", "saw_days")}
    wrong = await clerk.post(f"{DRAFT}/avertissements", warn_hours="huit", after_days="3, 1", **saw)
    assert wrong.status_code == 422
    assert "L’avertissement est envoyé de 0 à 400 heures" in clerk.text
    assert 'value="huit"' in wrong.text
    assert 'value="3, 1"' in wrong.text
    await clerk.post(f"{DRAFT}/avertissements", warn_hours="4", after_days="1, 5", **saw)
    assert said("The warnings were changed in the draft.") in clerk.text
    assert (await draft_of(LEVELS, here)).body.escalation == Escalation(warn_hours=4, after=(1, 5))
    late = await clerk.post(f"{DRAFT}/avertissements", warn_hours="6", after_days="", **saw)
    assert late.status_code == 409
    assert "4 heures d’ouverture avant la date promise" in clerk.text
    assert (await clerk.get(DRAFT)).text.count("<del>") == 1
    await put_in_force(clerk)
    assert (await in_force(LEVELS, desk.host, here)).body.escalation.warn_hours == 4


@pytest.mark.parametrize(("role", "unit"), [("agent", ""), ("manager", "roads"), ("observer", ""), ("clerk", "")])
async def test_who_may_not_change_the_levels_of_the_whole_town_only_reads_them(desk, here, role, unit):
    editor = await desk.signed_in("manager", name="Hélène")
    await only(editor, desk, here, type="hole", amount="9")
    await put_in_force(editor)
    page = await editor.get(DELAYS)
    clerk = await desk.signed_in(role, unit)
    text = (await clerk.get(DELAYS)).text
    assert "9 jours ouvrables" in clerk.text
    assert said("Edit service levels") not in text
    assert "retour" not in text
    for path in (DRAFT, NEW, f"{DRAFT}/essai", f"{DELAYS}/delais.toml"):
        assert (await clerk.http.get(path)).status_code == 403
    for path in (
        NEW,
        *(f"{DRAFT}/{each}" for each in ("publication", "abandon", "avertissements", "fichier")),
        *(f"{DRAFT}/ligne/file-1/{each}" for each in ("place", "retrait")),
        f"{DELAYS}/versions/1/retour",
    ):
        answer = await clerk.post(path, seen=hidden(page, "seen"), edition="1", word="x")
        assert answer.status_code == 403
    assert (await in_force(LEVELS, desk.host, here)).version == 2


async def test_who_answers_for_a_sector_only_changes_no_levels(desk):
    """They hold wherever a request lies."""
    chief = await desk.signed_in("manager", zones=("plateau",))
    assert (await chief.get(DRAFT)).status_code == 403


async def test_where_the_module_is_off_files_and_types_promise_and_what_was_promised_stays(desk, here):
    clerk = await desk.signed_in("manager")
    own = (await the_clock(await desk.request())).allowance
    await only(clerk, desk, here, type="hole", amount="11")
    await put_in_force(clerk)
    before = await desk.request()
    promised = await the_clock(before)
    assert promised.allowance.business_days == 11
    await switch(desk.host, "off", "service_levels")
    after = await the_clock(await desk.request())
    assert (after.allowance, after.because.version) == (own, 0)
    assert await the_clock(before) == promised
    shown = await clerk.get(f"/bureau/requete/{before.reference}")
    assert "11 jours ouvrables" in clerk.text
    assert DELAYS not in shown.text
    await clerk.get("/fr/services")
    assert "11 jours ouvrables" not in clerk.text
    await switch(desk.host, "on", "service_levels")
    assert (await the_clock(await desk.request())).because.version == 2


async def test_levels_are_saved_as_a_file_and_brought_back_from_one(desk, here):
    clerk = await desk.signed_in("manager")
    await add(clerk, type="hole", priorities="1", amount="9")
    draft = await draft_of(LEVELS, here)
    saved = await clerk.http.get(f"{DELAYS}/delais.toml?brouillon")
    assert read_file(LEVELS, saved.content) == draft.body
    in_force_now = await clerk.http.get(f"{DELAYS}/delais.toml")
    page = await clerk.get(DRAFT)
    sign = re.search(r'fichier".*?name="saw" value="(\w+)"', page.text, re.DOTALL)[1]
    await clerk.post(f"{DRAFT}/fichier", saw=sign, files={"file": ("d.toml", in_force_now.content)})
    assert said("The draft has been replaced by the content of the file.") in clerk.text
    assert len((await draft_of(LEVELS, here)).body.rules) == len(draft.body.rules) - 1
    wrong = await clerk.post(f"{DRAFT}/fichier", saw=sign, files={"file": ("d.toml", b'[[rules]]\nzone = "x"')})
    assert wrong.status_code == 422
    assert said("The file could not be read") in clerk.text


async def test_the_menu_leads_to_the_first_procedure_that_the_town_has(desk):
    clerk = await desk.signed_in("manager")
    page = (await clerk.get("/bureau/compte")).text
    assert f'href="{DELAYS}"' in page
    assert "/bureau/regles" not in page
    await switch(desk.host, "off", "service_levels")
    assert said("Procedures") not in (await clerk.get("/bureau/compte")).text
