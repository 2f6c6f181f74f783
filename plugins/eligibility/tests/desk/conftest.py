"""The desk of a town with checks before its forms."""

from parvis_testing.desk import *
