"""ArcGIS for Parvis: addresses, layers of the town, requests as features, what crews change in the field."""
