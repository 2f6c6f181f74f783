"""Towns of other request types, pictures."""

from parvis.testing.requests import *
