"""The portal of a running application."""

from parvis.testing.portal import *
