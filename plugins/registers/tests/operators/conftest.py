"""The operators’ pages of a town that reads its registers."""

from parvis_testing.operators import *
