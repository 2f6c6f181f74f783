"""Visits of the town: wanted by a request, planned, made on site with a checklist, looked at again."""
