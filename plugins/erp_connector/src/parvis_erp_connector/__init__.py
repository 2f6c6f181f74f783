"""ERP for Parvis: requests as work orders, fees as invoices; Tryton and OData (Business Central)."""
