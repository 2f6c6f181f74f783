"""The portal of a town that lists its requests for everybody."""

from parvis_testing.portal import *
