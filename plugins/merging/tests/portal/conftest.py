"""The portal of a town whose people join requests."""

from parvis_testing.portal import *
