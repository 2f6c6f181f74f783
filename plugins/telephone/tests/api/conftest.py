"""The API of a town whose people answer the telephone."""

from parvis_testing.api import *
