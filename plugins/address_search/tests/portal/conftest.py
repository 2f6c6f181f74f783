"""The portal of a town whose addresses are searched."""

from parvis_testing.portal import *
