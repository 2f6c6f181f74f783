"""The API of a town whose addresses are searched."""

from parvis_testing.api import *
