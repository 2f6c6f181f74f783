"""The loop as people walk it: marked at the desk, read by mail, corrected at home, compared by both."""

import msgspec

from parvis.db.tables import Delivery
from parvis.requests.declarations import type_of_record
from parvis.requests.lifecycle import make_move
from parvis_supplements.lists import last_of, lists_of
from parvis_testing.town import ANA

from .conftest import NEXT

LIST = "/bureau/requete/{}/complements/completeness"
POINTS = {
    "points.plan.mark": "yes",
    "points.plan.reason": "unreadable",
    "points.begins.mark": "yes",
    "points.begins.words": "Cette date est un dimanche.",
}


async def marked(office, **more):
    """The desk after it has marked two points and looked at the message."""
    desk = await office.at_the_desk()
    await desk.open(LIST.format(office.reference))
    return await desk.send(POINTS | {"do": "preview"} | more)


async def asked(office, **more):
    desk = await marked(office, **more)
    await desk.send({"do": "send"})
    assert desk.path == f"/bureau/requete/{office.reference}", desk.text[:400]
    return desk


def page_of(office):
    return f"/fr/suivi/{office.reference}/complements/completeness"


async def test_the_desk_marks_looks_at_the_message_and_sends_it_once(office):
    desk = await office.at_the_desk()
    await desk.open(f"/bureau/requete/{office.reference}")
    assert f'href="{LIST.format(office.reference)}"' in desk.page.text
    await desk.open(LIST.format(office.reference))
    assert "plan-1.pdf" in desk.text
    assert "Clôture" not in desk.text  # which these answers leave hidden
    await desk.send(POINTS | {"do": "preview", "due_on.day": "15", "due_on.month": "10", "due_on.year": str(NEXT)})
    for words in ("Le document « Plan d’implantation » est illisible.", "est un dimanche", f"15 octobre {NEXT}"):
        assert words in desk.text
    assert (await office.record()).state == "received"
    filled = desk.form()["fields"]
    await desk.send({"do": "send"})
    assert "La liste est envoyée" in desk.text
    assert (await office.record()).state == "incomplete"
    await desk.open(LIST.format(office.reference))
    await desk.send(dict(filled) | {"do": "send"})
    assert "ne peut pas être envoyée à cette étape" in desk.text
    assert len([e for e in await Delivery.select(Delivery.event) if "supplement.completeness.asked" in e["event"]]) <= 1


async def test_a_list_is_kept_and_gone_on_with_by_a_colleague(office):
    desk = await office.at_the_desk()
    await desk.open(LIST.format(office.reference))
    await desk.send(POINTS | {"do": "keep"})
    assert "Rien n’a été envoyé" in desk.text
    other = await office.at_the_desk(name="Bo Nguyen")
    await other.open(LIST.format(office.reference))
    assert dict(other.form()["fields"])["points.begins.words"] == "Cette date est un dimanche."
    await desk.send({"do": "keep", "points.words.mark": "yes", "points.words.words": "Dites-en plus."})
    await other.send({"do": "keep"})
    assert other.status == 409
    assert "a modifié cette liste" in other.text


async def test_what_is_marked_without_a_word_is_said_at_its_question(office):
    desk = await marked(office, **{"points.begins.words": ""})
    assert desk.status == 422
    assert 'href="#begins"' in desk.page.text
    assert (await office.record()).version == 1


async def test_only_who_works_on_it_may_mark(office):
    watcher = await office.at_the_desk("observer")
    assert (await watcher.open(LIST.format(office.reference))).status == 403


async def test_the_requester_finds_exactly_those_points_filled_in_and_sends_once(office):
    await asked(office)
    home = await office.at_home()
    assert page_of(office) in home.page.text
    await home.open(page_of(office))
    for words in ("Plan d’implantation", "Début", "plan-1.pdf"):
        assert words in home.text
    assert "Décrivez" not in home.text
    assert dict(home.form()["fields"])["begins.year"] == str(NEXT)
    await home.send({"do": "send"})
    assert home.status == 422
    assert 'href="#plan"' in home.page.text
    sent = {"do": "send", "begins.day": "5", "_words.begins": "Un mardi."}
    filled = {**dict(home.form()["fields"]), **sent}
    await home.send(sent, files=[("plan", ("plan-2.pdf", office.plan + b"\n", "application/pdf"))])
    assert "Vos corrections sont envoyées" in home.text
    record = await office.record()
    assert (record.state, record.answers["begins"]) == ("studied", f"{NEXT}-10-05")
    home.page = (await home.open(f"/fr/suivi/{office.reference}")).page
    again = await home.http.post(
        f"http://127.0.0.1{page_of(office)}",
        data=filled | {"begins.day": "6"},
        follow_redirects=True,
        headers={"accept": "text/html"},
    )
    assert "a déjà été envoyée" in again.text.replace("\u00a0", " ")
    assert (await office.record()).answers["begins"] == f"{NEXT}-10-05"


async def test_what_is_typed_and_received_is_kept_until_it_is_sent(office):
    await asked(office)
    home = await (await office.at_home()).open(page_of(office))
    file = ("plan", ("plan-2.pdf", office.plan + b"\n", "application/pdf"))
    await home.send({"do": "keep", "begins.day": "7", "_words.plan": "Plan corrigé."}, files=[file])
    assert "Rien n’a encore été envoyé" in home.text
    other = await (await office.at_home()).open(page_of(office))
    filled = dict(other.form()["fields"])
    assert (filled["begins.day"], filled["_words.plan"]) == ("7", "Plan corrigé.")
    assert "plan-2.pdf" in other.text
    await other.send({"do": "send"})
    assert (await office.record()).state == "studied"


async def test_a_correction_brings_up_what_it_now_calls_for(office):
    await asked(
        office,
        **{
            "points.plan.mark": None,
            "points.begins.mark": None,
            "points.work.mark": "yes",
            "points.work.words": "C’est une piscine.",
        },
    )
    home = await (await office.at_home()).open(page_of(office))
    await home.send({"do": "send", "work": "pool"})
    assert home.status == 422
    assert "Aussi nécessaire, selon vos corrections" in home.text
    await home.send({"do": "send", "fence": "1,2 m"})
    assert (await office.record()).answers["fence"] == "1,2 m"


async def test_who_comes_after_the_decision_is_told_and_loses_nothing_of_what_they_wrote(office):
    await asked(office)
    home = await (await office.at_home()).open(page_of(office))
    await make_move(office.host, office.reference, "refuse", {}, actor=ANA, mover="agent")
    await home.send({"do": "send", "_words.begins": "Le chantier attend le dégel."})
    assert home.status == 409
    assert "La Ville n’a plus besoin de cette réponse" in home.text
    assert "Le chantier attend le dégel." in home.page.text
    assert (await office.record()).state == "refused"


async def test_both_sides_compare_versions_and_see_what_the_decision_rests_on(office):
    await asked(office)
    home = await (await office.at_home()).open(page_of(office))
    file = ("plan", ("plan-2.pdf", office.plan + b"\n", "application/pdf"))
    await home.send({"do": "send", "begins.day": "5"}, files=[file])
    await make_move(office.host, office.reference, "refuse", {}, actor=ANA, mover="agent")
    await home.open(f"/fr/suivi/{office.reference}/versions")
    desk = await office.at_the_desk(name="Bo Nguyen")
    await desk.open(f"/bureau/requete/{office.reference}/versions")
    for page in (home, desk):
        for words in (
            "plan-1.pdf",
            "plan-2.pdf",
            f"3 octobre {NEXT}",
            f"5 octobre {NEXT}",
            "Version 2",
            "Fondement des décisions",
        ):
            assert words in page.text, words
    english = await home.open(f"/en/track/{office.reference}/versions?cle={office.key}")
    assert f"October 5, {NEXT}" in english.text


async def test_nobody_without_the_key_opens_the_points_or_the_versions(office):
    await asked(office)
    for path in (page_of(office), f"/fr/suivi/{office.reference}/versions"):
        stranger = await office.visitor().open(path)
        assert "dimanche" not in stranger.text
        assert stranger.path == "/fr/suivi"


async def test_the_mail_of_the_move_carries_the_points(office):
    await asked(office)
    record = await office.record()
    rows = await Delivery.select(Delivery.event).where(Delivery.request == record.id)
    moved = [event for row in rows if "transition" in (event := msgspec.json.decode(row["event"]))]
    assert "est illisible" in moved[-1]["said"]["points"]["fr"]
    listed = last_of(await lists_of(record.id), "completeness")
    assert listed.is_open(record, await type_of_record(office.host, record))


async def test_both_sides_read_which_delay_runs_which_rests_and_why(office):
    home = await office.at_home()
    assert "Pas commencé\u00a0: il commence à l’étape «\u00a0À l’étude\u00a0»." in home.page.text
    assert "Lecture" not in home.text  # the town's own
    await make_move(office.host, office.reference, "resume", {}, actor=ANA, mover="agent")
    desk = await asked(office)
    assert "délai légal" in desk.text
    assert "Demander des compléments" in desk.text
    assert "Recalculé d’après l’historique : aucun écart." in desk.text
    await home.open(f"/fr/suivi/{office.reference}")
    assert "Suspendu en attendant une action de votre part." in home.text
