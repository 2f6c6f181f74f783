"""The portal of a town where something happens to many."""

from parvis_testing.portal import *
