"""The portal of a town that says how its service is."""

from parvis_testing.portal import *
