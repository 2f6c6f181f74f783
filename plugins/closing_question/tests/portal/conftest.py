"""The portal of a town that asks whether it is resolved."""

from parvis_testing.portal import *
