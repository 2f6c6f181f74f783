"""Towns of other request types, pictures."""

from parvis_testing.hearings import *
from parvis_testing.requests import *
