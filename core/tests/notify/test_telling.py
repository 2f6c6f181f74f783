"""Who is told what, in which words."""

import pytest
from msgspec import structs

from parvis.notify.telling import tell
from parvis_sdk.requests import Phase, Requester
from parvis_sdk.text import Text


async def told(event, request):
    outcome = await tell.handler(event, request)
    return outcome.messages if outcome else ()


async def test_the_acknowledgement_names_the_request_and_the_promised_date_in_the_language_of_the_person(
    submitted, request_with
):
    [french] = await told(submitted, request_with())
    assert (french.to, french.language, french.reference) == ("zoe@exemple.ca", "fr", "7K3M-9QXT-4")
    assert french.subject == "Requête 7K3M-9QXT-4\u00a0: nous l’avons reçue"
    assert "Bonjour Zoé Côté," in french.text
    assert "au plus tard le 2 décembre 2026." in french.text
    assert "Endroit\u00a0: 4563, rue Saint-Urbain" in french.text
    [english] = await told(submitted, request_with(language="en"))
    assert english.subject == "Request 7K3M-9QXT-4: we have received it"
    assert "Promised by December 2, 2026." in english.text
    assert "Type" not in english.text


async def test_both_parts_say_the_same_and_lead_to_the_private_view(submitted, request_with):
    [message] = await told(submitted, request_with())
    for part in (message.text, message.html):
        assert "7K3M-9QXT-4" in part
        assert "Nid-de-poule" in part
        assert "https://parvis.example/fr/suivi/7K3M-9QXT-4?cle=secret" in part
        assert "https://parvis.example/fr/suivi/7K3M-9QXT-4/messages?cle=secret" in part
    assert message.stop_url.endswith("/messages?cle=secret")
    assert message.html.startswith('<!doctype html>\n<html lang="fr">')


async def test_the_words_of_the_town_come_before_ours(moved, request_with):
    texts = {
        "plan": (
            Text(fr="Signalement {reference} : travaux prévus", en="Report {reference}: work planned"),
            Text(
                fr="C’est prévu le {planned_on} par {team}.\n\n{reason}\n\nSuivre : {link}",
                en="Planned on {planned_on} by {team}.\n\n{reason}\n\nFollow: {link}",
            ),
        )
    }
    event = moved(given={"planned_on": "2026-12-01", "team": "asphalt"})
    [french, _] = await told(event, request_with(texts=texts))
    assert french.subject == "Signalement 7K3M-9QXT-4 : travaux prévus"
    assert "C’est prévu le 1er décembre 2026 par Équipe de l’asphalte.\n\nSuivre : https://parvis" in french.text
    assert french.text.count("cle=secret") == 2  # in the words, and to stop; not a third time below
    assert ">ouvrir la page</a>" in french.html
    [english, _] = await told(event, request_with(texts=texts, language="en"))
    assert "Planned on December 1, 2026 by Asphalt crew." in english.text


async def test_a_town_that_replaces_only_the_subject_keeps_our_words(submitted, request_with):
    texts = {"submitted": (Text(fr="Rivemont a reçu votre requête"), Text(fr=""))}
    [message] = await told(submitted, request_with(texts=texts))
    assert message.subject == "Rivemont a reçu votre requête"
    assert "Elle porte le numéro 7K3M-9QXT-4." in message.text


async def test_a_step_is_told_with_its_reason(moved, request_with):
    [message, _] = await told(moved("refuse", given={"reason": "Ce n’est pas\nà nous."}), request_with())
    assert message.subject == "Requête 7K3M-9QXT-4\u00a0: Travaux prévus"
    assert "Ce n’est pas\nà nous." in message.text
    assert "Ce n’est pas<br>à nous." in message.html


async def test_a_step_that_is_not_to_be_told_is_told_to_nobody(moved, request_with):
    assert await told(moved(tell=False), request_with()) == ()


async def test_a_person_is_not_told_of_their_own_step_unless_the_town_has_words_for_it(moved, request_with):
    mine = moved("withdraw", actor="requester")
    only_followers = await told(mine, request_with())
    assert [message.to for message in only_followers] == ["luc@exemple.ca"]
    texts = {"withdraw": (Text(fr="Requête retirée"), Text(fr="Retirée, comme demandé."))}
    confirmed = await told(mine, request_with(texts=texts))
    assert next(message.subject for message in confirmed) == "Requête retirée"


async def test_followers_are_told_in_their_language_without_anything_of_the_requester(moved, request_with):
    messages = await told(moved(given={"reason": "Zoé nous a dit"}), request_with())
    follower = messages[1]
    assert (follower.to, follower.language) == ("luc@exemple.ca", "en")
    assert "Request 7K3M-9QXT-4 (Pothole) is now at this step" in follower.text
    for secret in ("Zoé", "secret", "Saint-Urbain", "zoe@"):
        assert secret not in follower.text + follower.html
    assert follower.stop_url == "https://parvis.example/stop/f1"


async def test_somebody_who_has_not_confirmed_is_told_nothing_but_the_link_to_confirm(moved, followed, request_with):
    assert "new@exemple.ca" not in [each.to for each in await told(moved(), request_with())]
    [confirm] = await told(followed, request_with())
    assert confirm.to == "new@exemple.ca"
    assert "https://parvis.example/fr/abonnement/f2" in confirm.text
    assert "secret" not in confirm.text + confirm.html
    assert "Travaux prévus" not in confirm.text


async def test_a_following_that_was_stopped_meanwhile_is_not_confirmed(followed, request_with):
    assert await told(followed, request_with(followers=())) == ()


async def test_who_stopped_messages_gets_none_and_no_note_is_made(submitted, moved, replied, request_with):
    request = request_with(stopped=True, followers=())
    assert await tell.handler(submitted, request) is None
    assert await tell.handler(moved(), request) is None
    assert await tell.handler(replied, request) is None


@pytest.mark.parametrize(
    ("person", "way"),
    [
        (Requester(name="Zoé", phone="+15145550101"), "phone"),
        (Requester(name="Zoé", phone="+15145550101", email="z@exemple.ca", preferred_channel="phone"), "phone"),
        (Requester(name="Zoé", email="z@exemple.ca", preferred_channel="letter"), "letter"),
        (Requester(name="Zoé", postal_address="C. P. 5\nMagog"), "letter"),
        (Requester(name="Zoé", phone="+15145550101", postal_address="C. P. 5\nMagog"), "phone"),
        (
            Requester(name="Zoé", phone="+15145550101", postal_address="C. P. 5\nMagog", preferred_channel="letter"),
            "letter",
        ),
    ],
)
async def test_who_is_to_be_called_or_written_to_is_owed_it_by_the_desk(moved, request_with, person, way):
    outcome = await tell.handler(moved(given={"reason": "Une équipe passe jeudi."}), request_with(requester=person))
    assert [message.to for message in outcome.messages] == ["luc@exemple.ca"]
    assert outcome.note is None
    assert outcome.by_hand.way == way
    assert outcome.by_hand.about.fr == "Requête 7K3M-9QXT-4\u00a0: Travaux prévus"
    assert outcome.by_hand.about.en == "Request 7K3M-9QXT-4: Work planned"
    assert "étape\u00a0: Travaux prévus.\n\nUne équipe passe jeudi." in outcome.by_hand.say.fr
    assert "Work planned" in outcome.by_hand.say.en


async def test_what_is_said_on_the_telephone_names_no_link(replied, request_with):
    person = Requester(name="Zoé", phone="+15145550101")
    outcome = await tell.handler(replied, request_with(requester=person, words="Pouvez-vous préciser?"))
    assert outcome.by_hand.say.fr == "Ville de Parvis vous a écrit au sujet de votre requête.\n\nPouvez-vous préciser?"
    assert "http" not in outcome.by_hand.say.fr + outcome.by_hand.say.en


async def test_a_confidential_person_is_called_with_words_that_say_little_first(moved, request_with):
    person = Requester(mode="confidential", name="Zoé", phone="+15145550101")
    outcome = await tell.handler(moved(), request_with(requester=person, type_title=Text(fr="Bruit", en="Noise")))
    assert outcome.by_hand.about.fr == "Requête 7K3M-9QXT-4\u00a0: un message de Ville de Parvis"
    assert "Bruit" not in outcome.by_hand.about.fr + outcome.by_hand.say.fr


async def test_who_left_only_a_phone_number_has_heard_the_acknowledgement(submitted, request_with):
    person = Requester(name="Zoé", phone="+15145550101")
    assert await tell.handler(submitted, request_with(requester=person, channel="phone")) is None


async def test_an_anonymous_person_without_contact_is_told_nothing(submitted, moved, request_with):
    nobody = request_with(requester=None, followers=())
    assert await tell.handler(submitted, nobody) is None
    assert await tell.handler(moved(), nobody) is None


async def test_a_confidential_message_says_little(submitted, moved, request_with):
    person = Requester(mode="confidential", name="Zoé Côté", email="zoe@exemple.ca")
    request = request_with(requester=person, type_title=Text(fr="Bruit", en="Noise"))
    [message] = await told(submitted, request)
    assert message.subject == "Requête 7K3M-9QXT-4\u00a0: un message de Ville de Parvis"
    for secret in ("Zoé", "Bruit", "Saint-Urbain"):
        assert secret not in message.subject + message.text + message.html
    assert [each.to for each in await told(moved(), request)] == ["zoe@exemple.ca"]


async def test_a_reply_brings_its_words_and_a_link_to_answer(replied, request_with):
    [message] = await told(replied, request_with(words="Pouvez-vous préciser?\nMerci."))
    assert message.subject == "Requête 7K3M-9QXT-4\u00a0: un message de Ville de Parvis"
    assert "Pouvez-vous préciser?\nMerci." in message.text
    assert "Pour répondre\u00a0: https://parvis.example/fr/suivi/" in message.text
    [without] = await told(replied, request_with())
    assert "Ville de Parvis vous a écrit au sujet de votre requête.\n\nPour répondre" in without.text


async def test_a_promise_that_is_kept_is_not_promised_any_more(moved, request_with):
    texts = {"plan": (Text(fr="Fait"), Text(fr="C’est fait. Ce sera prêt le {promised}."))}
    [message, _] = await told(moved(), request_with(texts=texts, phase=Phase.CLOSED))
    assert "C’est fait.\n" in message.text
    assert "prêt le" not in message.text


async def test_what_people_typed_is_text_in_the_html_and_one_line_in_the_subject(moved, request_with):
    texts = {"plan": (Text(fr="Fait : {reason}"), Text(fr="{reason}"))}
    evil = '<script>alert(1)</script>\r\nBcc: x@y.z\n<a href="https://evil.example">prix</a> {link}'
    person = Requester(name="<b>Zoé</b>\r\nBcc: x@y.z", email="zoe@exemple.ca")
    [message, _] = await told(moved(given={"reason": evil}), request_with(texts=texts, requester=person))
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    assert "<script" not in message.html
    assert "<b>" not in message.html
    assert 'href="https://evil' not in message.html
    assert "cle=secret" in message.html


async def test_hours_are_said_where_the_promise_is_a_matter_of_hours(submitted, request_with):
    from datetime import timedelta

    soon = request_with(promised_at=request_with().submitted_at + timedelta(hours=24))
    [message] = await told(submitted, soon)
    assert "au plus tard le 26 novembre 2026 à 10" in message.text


async def test_who_follows_what_the_town_declares_is_told_the_towns_own_words_at_its_end(moved, request_with):
    texts = {"end": (Text(fr="Déneigement terminé", en="Snow clearing over"), Text(fr="C’est fini.", en="It is over."))}
    theirs = request_with(opened_by="town", requester=None, texts=texts)
    subjects = {message.subject for message in await told(moved("end"), theirs)}
    assert subjects
    assert subjects <= {"Déneigement terminé", "Snow clearing over"}
    usual = request_with(requester=None, texts=texts)
    assert all("terminé" not in message.subject for message in await told(moved("end"), usual))


async def test_a_new_date_is_told_with_the_reason_of_the_town(request_with):
    from parvis_sdk.events import Rescheduled

    event = Rescheduled(id="e2", reference="7K3M-9QXT-4", at=request_with().submitted_at, actor="agent", entry=4)
    [message] = await told(event, request_with(words="Le dégel tarde."))
    assert message.subject == "Requête 7K3M-9QXT-4\u00a0: une nouvelle date"
    assert "La date promise a changé. Nouvelle date promise\u00a0: le 2 décembre" in message.text
    assert "Le dégel tarde." in message.text


async def test_another_type_is_told_and_other_corrections_are_not(request_with):
    from parvis_sdk.events import Amended

    about = {"id": "e2", "reference": "7K3M-9QXT-4", "at": request_with().submitted_at, "actor": "agent"}
    [message] = await told(Amended(**about, changed=("answers", "type")), request_with())
    assert "vous n’avez rien à refaire" in message.text
    assert await told(Amended(**about, changed=("answers", "place")), request_with()) == ()


async def test_the_receipt_is_sent_again_by_the_channel_asked_for_also_to_who_stopped_messages(request_with):
    from parvis_sdk.events import ReceiptWanted

    about = {"id": "e2", "reference": "7K3M-9QXT-4", "at": request_with().submitted_at, "actor": "requester"}
    short = "https://parvis.example/t/7K3M9QXT4x"
    [mail] = await told(ReceiptWanted(**about, channel="email"), request_with(stopped=True))
    assert (mail.channel, mail.to) == ("email", "zoe@exemple.ca")
    assert "l’accusé de réception que vous avez demandé" in mail.text
    [text] = await told(ReceiptWanted(**about, channel="sms"), request_with(short_url=short))
    assert (text.channel, text.to) == ("sms", "+15145550101")
    assert "Promis au plus tard le 2 décembre 2026." in text.text


async def test_the_closing_message_asks_whether_it_is_settled_once_and_while_it_still_is(moved, request_with):
    url = "https://parvis.example/fr/suivi/7K3M-9QXT-4/regle?cle=secret"
    here = request_with(state="planned", settled_url=url)
    [mail, follower] = await told(moved("plan"), here)
    for part in (mail.text, mail.html):
        assert "Est-ce réglé?" in part
        assert "reponse=oui" in part
        assert "reponse=non" in part
    assert "réglé?" not in follower.text
    assert "secret" not in follower.text + follower.html
    [mail, _] = await told(moved("plan"), request_with(state="elsewhere", settled_url=url))
    assert "réglé?" not in mail.text
    [english, _] = await told(moved("plan"), structs.replace(here, language="en"))
    assert "Yes, it is resolved: https" in english.text
