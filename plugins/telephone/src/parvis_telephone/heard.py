"""What rooms of the core hear: that people call and write here, and how often somebody had all they needed at once."""

from parvis.requests.contacts import ManualContact
from parvis.requests.lists.module_figures import InformationSource
from parvis_sdk.contact_methods import CALL, LETTER
from parvis_telephone.information_given import informed_between

BY_HAND = ManualContact(methods=(CALL, LETTER))
INFORMATION = InformationSource(between=informed_between)
