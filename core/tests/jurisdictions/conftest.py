"""A small town in a folder."""

from parvis_testing.jurisdictions import *
