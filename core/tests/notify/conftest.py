"""A mail server, a gateway and a house that writes through them."""

from parvis_testing.notify import *
