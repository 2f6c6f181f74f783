"""The portal of a town that lists its requests for everybody."""

from parvis.testing.portal import *
