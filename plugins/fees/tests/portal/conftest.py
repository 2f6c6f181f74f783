"""The portal of a running application."""

from parvis_testing.portal import *
