"""The API of a town that asks for opinions."""

from parvis_testing.api import *
