"""The desk of a town that erases what a person asks to have erased."""

from parvis_testing.desk import *
