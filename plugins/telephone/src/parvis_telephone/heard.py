"""What the module answers to the core's hooks: people call and write here, what is left to tell, answered calls."""

from parvis.jurisdictions import Jurisdiction
from parvis.requests.contacts import ManualContact
from parvis.requests.host import Host
from parvis.requests.lists.module_figures import InformationSource
from parvis.requests.module_use import SwitchWarning
from parvis.switches import State
from parvis_sdk.contact_methods import CALL, LETTER
from parvis_sdk.text import Text
from parvis_telephone.calls import owed_in
from parvis_telephone.information_given import informed_between

LEFT = Text(
    fr="Appels et lettres à faire\u00a0: {number}. Ils passent dans la liste «\u00a0Messages non "
    "remis\u00a0», les urgences d’abord.",
    en="Calls to make and letters to send: {number}. They move to “Undelivered messages”, emergencies first.",
)


async def said_before(host: Host, town: Jurisdiction, state: State, asker: str) -> tuple[Text, ...]:
    """What people of the town have still to tell, where nobody will call any more."""
    number = await owed_in(town) if state == "off" else 0
    return (LEFT.format(number=str(number)),) if number else ()


BY_HAND = ManualContact(methods=(CALL, LETTER))
INFORMATION = InformationSource(between=informed_between)
WARNING = SwitchWarning(module="telephone", said=said_before)
