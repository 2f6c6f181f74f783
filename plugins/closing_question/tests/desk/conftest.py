"""The desk of a town that asks whether it is resolved."""

from parvis_testing.desk import *
