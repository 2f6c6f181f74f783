"""Telephone numbers in every form that gateways write, as the one in which requests keep them."""

import hashlib
import hmac

import phonenumbers

from parvis.signing import oldest_key


def number_of(written: str, region: str) -> str:
    """The number in E.164 form; empty where it is none, as of a sender that is a word or a short code.

    >>> number_of("1 (450) 555-0199", "CA"), number_of("00 33 6 12 34 56 78", "FR"), number_of("BANQUE", "CA")
    ('+14505550199', '+33612345678', '')
    """
    try:
        parsed = phonenumbers.parse(written.strip()[:40], region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def digest_of(secret: bytes, told: str) -> str:
    """By what a sender is counted, or a group of parts is found, without being kept."""
    return hmac.new(oldest_key(secret), f"text:{told}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
