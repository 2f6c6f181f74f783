"""What commands run as processes of their own stand in."""

from parvis_testing.commands import *
