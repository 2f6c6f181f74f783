"""The portal of a town with checks before its forms."""

from parvis_testing.portal import *
