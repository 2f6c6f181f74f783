"""The desk of a town whose residents have a space of their own."""

from parvis_testing.desk import *
