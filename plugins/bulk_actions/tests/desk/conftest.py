"""The desk of a running application."""

from parvis_testing.desk import *
from parvis_testing.many import *
