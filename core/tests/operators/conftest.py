"""The operators’ pages of a running application."""

from parvis.testing.operators import *
