"""Towns of other request types, pictures."""

from parvis_testing.requests import *
