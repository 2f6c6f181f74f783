"""The operators’ pages of an installation that monitors read."""

from parvis_testing.operators import *
