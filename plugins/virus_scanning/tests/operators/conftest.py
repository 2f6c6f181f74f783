"""The operators’ pages of an installation with an antivirus."""

from parvis_testing.operators import *
