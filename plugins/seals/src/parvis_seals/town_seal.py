"""What signs for a town: its own seal where it has one, else a key that this installation has for it.

Both are CMS (RFC 5652), apart from what they sign; `openssl cms -verify` reads them. The key of the installation comes
from its secret, so it stays the same and stands in no file; its certificate says itself who it is, and is worth what
the place is worth where one gets it: the town's own site.
"""

import hashlib
import ssl
from datetime import datetime

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.signing import every_key
from parvis_seals.seals import NotSigned, Seal, TownSeals

CERTIFICATE = "/sceau.pem"  # of the town's site: under which it signs


def signer_of(host: Host, town: Jurisdiction, at: datetime) -> Seal:
    """What signs for a town; `NotSigned` when its seal may not be used at that time."""
    seal = host.of(TownSeals).of(town.code) or own_seal(host.secret, town)
    if not seal.begins <= at <= seal.ends:
        raise NotSigned(f"the certificate of {seal.holder} holds from {seal.begins} to {seal.ends}")
    return seal


def own_seal(secret: bytes, town: Jurisdiction) -> Seal:
    """The installation's key for a town, always the same, with a certificate that it made itself."""
    from parvis_seals.keys import derive_key  # 20 MB of libraries, where there is something to sign

    return derive_key(secret, town.code, town.name.fr)


def earlier_seals(host: Host, town: Jurisdiction) -> tuple[Seal, ...]:
    """Those that keys before made for a town without a seal of its own: what they signed is still to be compared."""
    if host.of(TownSeals).of(town.code):
        return ()
    return tuple(own_seal(key, town) for key in every_key(host.secret)[1:])


def as_pem(seal: Seal) -> str:
    """The certificate under which a seal signs."""
    return ssl.DER_cert_to_PEM_cert(seal.signer.signing_cert.dump())


def fingerprint_of(seal: Seal) -> str:
    """The SHA-256 of the certificate, as certificates are compared by people: pairs with colons."""
    return hashlib.sha256(seal.signer.signing_cert.dump()).digest().hex(":").upper()
