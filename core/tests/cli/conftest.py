"""What commands run as processes of their own stand in."""

from parvis.testing.commands import *
