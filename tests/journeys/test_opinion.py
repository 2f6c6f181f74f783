"""A fire officer outside the town gives an opinion on a telephone, by a link, without scripts; who decides reads it."""

from .known import Known
from .people import AGENTS, DESK, PHONE, People
from .walking import not_see, press_button, see, sign_in

WORDS = "La ruelle est trop étroite pour l’échelle aérienne."
CONDITION = "Élargir la ruelle à 6 m"


async def test_an_opinion_is_begun_on_one_telephone_and_sent_from_another(people: People, known: dict[str, Known]):
    request, link = known["reviewed-journey"], f"/fr/avis/{known['fire-journey'].key}"
    officer = await people.come("fr", width=PHONE, scripts=False)
    await officer.goto(link)
    await see(officer, "Sécurité incendie", "1234, rue Rachel Est", "Agrandissement de deux étages")
    await not_see(officer, "Zoé Côté", "zoe@exemple.ca")
    await officer.get_by_label("Motifs et commentaires").fill(WORDS)
    await press_button(officer, "Enregistrer pour plus tard")
    await see(officer, "Votre texte est enregistré")

    colleague = await people.come("fr", width=PHONE, scripts=False)
    await colleague.goto(link)
    await press_button(colleague, "Envoyer votre avis")
    await see(colleague, "Recommandation")
    await colleague.locator("input[name=truck_access][value=no]").check()
    await colleague.locator("input[name=recommendation][value=conditional]").check()
    await colleague.get_by_label("Conditions proposées").fill(CONDITION)
    await press_button(colleague, "Envoyer votre avis")
    await see(colleague, "votre avis est envoyé", CONDITION)

    manager = await people.come("fr", width=DESK)
    await sign_in(manager, AGENTS["manager-fr"])
    await manager.goto(f"/bureau/requete/{request.reference}")
    await see(manager, WORDS, CONDITION, "Service de sécurité incendie de l’agglomération")

    resident = await people.come("fr", width=PHONE)
    await resident.goto(f"/fr/suivi/{request.reference}?cle={request.key}")
    await see(resident, "Sécurité incendie")
    await not_see(resident, WORDS, CONDITION)
