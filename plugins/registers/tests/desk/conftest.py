"""The desk of a town that reads its registers."""

from parvis_testing.confiding import *
from parvis_testing.desk import *
