"""The desk of a town in which forms are put aside."""

from parvis_testing.desk import *
