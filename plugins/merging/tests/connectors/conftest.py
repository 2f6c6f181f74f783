"""A town with a connector to another system."""

from parvis.testing.connectors import *
