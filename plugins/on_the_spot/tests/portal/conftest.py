"""The portal of a town where requests begin on the spot."""

from parvis_testing.portal import *
