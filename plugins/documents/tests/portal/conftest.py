"""The portal of a town that issues documents."""

from parvis.testing.portal import *
