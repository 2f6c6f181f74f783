"""What rooms of the core hear: how often somebody had all they needed at once."""

from parvis.requests.lists.module_figures import InformationSource
from parvis_telephone.information_given import informed_between

INFORMATION = InformationSource(between=informed_between)
