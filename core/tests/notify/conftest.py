"""A mail server, a gateway and a host that writes through them."""

from parvis_testing.notify import *
