"""The portal of a town that issues documents."""

from parvis_testing.portal import *
