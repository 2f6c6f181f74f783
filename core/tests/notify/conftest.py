"""A mail server, a gateway and a house that writes through them."""

from parvis.testing.notify import *
