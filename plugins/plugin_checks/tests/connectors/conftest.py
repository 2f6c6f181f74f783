"""A town with a connector to another system."""

from parvis_testing.alerts import *
from parvis_testing.connectors import *
