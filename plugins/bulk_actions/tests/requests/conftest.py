"""Towns of other request types, and a module that is gone."""

from parvis_testing.hearings import *
from parvis_testing.requests import *
