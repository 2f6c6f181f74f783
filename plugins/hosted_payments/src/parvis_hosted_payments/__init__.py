"""Online payment on a provider's hosted pages, for Parvis."""
