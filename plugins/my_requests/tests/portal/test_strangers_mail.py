"""Asking for links in another person's name neither fills their mailbox nor locks them out."""

from parvis.db import transaction
from parvis.outbox.addressees import may_write
from parvis.requests.persons.followers import follow
from parvis_testing.letters import letters_to


async def test_what_strangers_have_sent_keeps_nobody_from_their_own_link(submit, visitor, host):
    receipts = [await submit() for _ in range(8)]
    for each in receipts:
        await follow(host, each.reference, "zoe@exemple.ca", "fr")
    browser = await visitor().open("/fr/mes-requetes")
    await browser.send({"email": "zoe@exemple.ca"})
    assert len(await letters_to("zoe@exemple.ca", "/mes-requetes/lien/")) == 1


async def test_strangers_who_ask_for_links_all_day_do_not_shut_a_person_out(host, visitor):
    async with transaction(host.engine):
        assert [await may_write(host.secret, "zoe@exemple.ca", "link") for _ in range(12)] == [True] * 12
    for sent in (1, 1):  # one in each hour, however many are asked for
        browser = await visitor().open("/fr/mes-requetes")
        await browser.send({"email": "zoe@exemple.ca"})
        assert len(await letters_to("zoe@exemple.ca", "/mes-requetes/lien/")) == sent
