"""The REST API, version 1: everything the pages do, by the same use cases and with the same visibility.

Errors are problem details (RFC 9457); keys of residents and tokens of machines decide what is seen.
"""
