"""The operators’ pages of a running application."""

from parvis_testing.operators import *
