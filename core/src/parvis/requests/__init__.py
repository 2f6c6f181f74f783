"""Requests and their life, without HTTP or HTML: every way in and every change passes here."""
