"""What the command stands in, run as a process of its own."""

from parvis_testing.commands import *
