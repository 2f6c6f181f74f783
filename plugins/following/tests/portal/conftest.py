"""The portal of a town in which one may follow the requests of others."""

from parvis_testing.portal import *
