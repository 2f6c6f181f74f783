"""What signs for a town: its own seal where it has one, else a key that this installation has for it.

Both are CMS (RFC 5652), apart from what they sign; `openssl cms -verify` reads them. The key of the installation comes
from its secret, so it stays the same and stands in no file; its certificate says itself who it is, and is worth what
the place is worth where one gets it: the town's own site.
"""

import hashlib
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from parvis.requests.heart import Heart
from parvis.seals import NotSigned, Seal, TownSeals
from parvis.seals.keys import open_bundle
from parvis.territory import Jurisdiction

CERTIFICATE = "/sceau.pem"  # of the town's site: under which it signs
BEGINS, ENDS = datetime(2025, 1, 1, tzinfo=UTC), datetime(2125, 1, 1, tzinfo=UTC)


def signer_of(heart: Heart, town: Jurisdiction, at: datetime) -> Seal:
    """What signs for a town; `NotSigned` when its seal may not be used at that time."""
    seal = heart.of(TownSeals).of(town.code) or own_seal(heart.secret, town)
    if not seal.begins <= at <= seal.ends:
        raise NotSigned(f"the certificate of {seal.holder} holds from {seal.begins} to {seal.ends}")
    return seal


def own_seal(secret: bytes, town: Jurisdiction) -> Seal:
    """The installation's key for a town, always the same, with a certificate that it made itself."""
    seed = HKDF(hashes.SHA256(), 48, salt=None, info=f"audit pack of {town.code}".encode()).derive(secret)
    order = ec.SECP256R1().group_order
    key = ec.derive_private_key(int.from_bytes(seed, "big") % (order - 1) + 1, ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, town.name.fr[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"parvis {town.code}"[:64]),
        ]
    )
    made = x509.CertificateBuilder(name, name, key.public_key()).serial_number(
        int.from_bytes(hashlib.sha256(seed).digest()[:19], "big")
    )
    certificate = (
        made.not_valid_before(BEGINS).not_valid_after(ENDS).sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return open_bundle(pkcs12.serialize_key_and_certificates(b"town", key, certificate, None, NoEncryption()))


def certificate_of(seal: Seal) -> x509.Certificate:
    """The certificate under which a seal signs."""
    return x509.load_der_x509_certificate(seal.signer.signing_cert.dump())


def as_pem(seal: Seal) -> str:
    return certificate_of(seal).public_bytes(Encoding.PEM).decode()


def fingerprint_of(seal: Seal) -> str:
    """The SHA-256 of the certificate, as certificates are compared by people: pairs with colons."""
    return certificate_of(seal).fingerprint(hashes.SHA256()).hex(":").upper()
