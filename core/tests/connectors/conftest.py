"""A town with a connector to another system."""

from parvis_testing.connectors import *
