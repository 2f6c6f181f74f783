"""A small town in a folder."""

from parvis.testing.territory import *
