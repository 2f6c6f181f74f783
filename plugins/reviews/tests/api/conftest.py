"""The API of a town that asks for opinions."""

from parvis.testing.api import *
