"""Webhooks out of Parvis, by the Standard Webhooks: signed, filtered, versioned, tried again."""
