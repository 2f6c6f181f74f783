"""The steps of the tables of dashboards."""
