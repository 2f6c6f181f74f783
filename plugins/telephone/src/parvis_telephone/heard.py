"""What rooms of the core hear: that people call here, and how often somebody had all they needed at once."""

from parvis.requests.lists.module_figures import InformationSource
from parvis.requests.work.untold import CallList
from parvis_telephone.information_given import informed_between

CALLS = CallList(path="/bureau/appels")
INFORMATION = InformationSource(between=informed_between)
