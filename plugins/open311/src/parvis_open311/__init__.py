"""Open311 GeoReport v2, served: services, definitions, requests in and out, updates, for clients of others."""
