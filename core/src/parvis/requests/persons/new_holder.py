"""Another person holds a request from now on: its contact is theirs, and nobody else is let in any more."""

from parvis.db.relation_tables import Party as PartyRow
from parvis.db.tables import Contact
from parvis.requests.changing import Situation
from parvis.requests.contacts import keep_contact
from parvis.requests.host import Host
from parvis.requests.work.untold import forget_owed
from parvis_sdk.requests import Requester


async def change_holder(host: Host, here: Situation, person: Requester) -> None:
    """Inside a transaction: the new one lets in whom they like; what the former one wished is not about them."""
    let_in = (PartyRow.request == here.record.id) & PartyRow.ended_at.is_null()
    await PartyRow.update({PartyRow.ended_at: here.at}).where(let_in)
    await Contact.delete().where(Contact.request == here.record.id)
    await forget_owed(host, here.record.id)  # what was to be told to the former holder
    await keep_contact(here.record.id, person)
