"""What the commands stand in, run as processes of their own."""

from parvis_testing.commands import *
