"""The auditor's pack: one signed archive of what was promised and what was done, for a unit and a period."""
