"""Towns of other request types, pictures."""

from parvis.testing.hearings import *
from parvis.testing.requests import *
