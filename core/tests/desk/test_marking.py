"""Marking what is to be corrected: kept while it is prepared, shown as it will be read, sent once."""
