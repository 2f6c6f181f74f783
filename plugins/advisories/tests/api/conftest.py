"""The API of a town with notices in its files."""

from parvis_testing.api import *
