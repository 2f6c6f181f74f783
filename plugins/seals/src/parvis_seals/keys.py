"""Opening the key of a town from its file. Loaded only where a town has a key, or something is signed without one."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import NoEncryption, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12, serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from pyhanko.sign import SimpleSigner

from parvis_seals.seals import NotSigned, Seal

BEGINS, ENDS = datetime(2025, 1, 1, tzinfo=UTC), datetime(2125, 1, 1, tzinfo=UTC)  # of keys that are derived


def open_key(path: Path, passphrase: bytes | None) -> Seal:
    """The key in a file of PKCS#12 (`.p12`) or PEM; `NotSigned` when it cannot be opened."""
    try:
        content = path.read_bytes()
        return open_bundle(_bundle(content, passphrase) if path.suffix == ".p12" else _from_pem(content, passphrase))
    except (ValueError, TypeError, OSError) as error:
        raise NotSigned(f"{path} cannot be opened: {error}") from error


def _bundle(content: bytes, passphrase: bytes | None) -> bytes:
    bundle = load_pkcs12(content, passphrase)
    if bundle.cert is None or bundle.key is None:
        raise ValueError("it holds no key with its certificate")
    return _packed(bundle.key, bundle.cert.certificate, [each.certificate for each in bundle.additional_certs])


def _from_pem(content: bytes, passphrase: bytes | None) -> bytes:
    key = load_pem_private_key(content, passphrase if b"ENCRYPTED" in content else None)
    own, *others = x509.load_pem_x509_certificates(content)
    return _packed(key, own, others)


def _packed(key: Any, own: x509.Certificate, others: list[x509.Certificate]) -> bytes:
    return serialize_key_and_certificates(b"town", key, own, others, NoEncryption())


def open_bundle(bundle: bytes) -> Seal:
    """The key in PKCS#12 without a passphrase."""
    own = load_pkcs12(bundle, None).cert
    if own is None:
        raise ValueError("it holds no certificate")
    certificate = own.certificate
    signer = SimpleSigner.load_pkcs12_data(bundle, [], None)
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return Seal(signer=signer, holder=certificate.subject.rfc4514_string(), begins=begins, ends=ends)


def derive_key(secret: bytes, code: str, town: str) -> Seal:
    """The key of a town without a file, always the same for one secret, with a certificate that it made itself."""
    seed = HKDF(hashes.SHA256(), 48, salt=None, info=f"audit pack of {code}".encode()).derive(secret)
    order = ec.SECP256R1().group_order
    key = ec.derive_private_key(int.from_bytes(seed, "big") % (order - 1) + 1, ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, town[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"parvis {code}"[:64]),
        ]
    )
    made = x509.CertificateBuilder(name, name, key.public_key()).serial_number(
        int.from_bytes(hashlib.sha256(seed).digest()[:19], "big")
    )
    certificate = (
        made.not_valid_before(BEGINS).not_valid_after(ENDS).sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return open_bundle(_packed(key, certificate, []))
