"""The portal of a town whose files are scanned."""

from parvis_testing.portal import *
