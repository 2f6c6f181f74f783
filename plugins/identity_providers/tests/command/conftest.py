"""Commands run as processes of their own."""

from parvis_testing.commands import *
