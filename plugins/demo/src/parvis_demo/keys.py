"""Keys with which the towns of the demo sign their documents: made on this machine, vouched for by nobody."""

from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from parvis import clock

USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
SIGNS = ("digital_signature", "content_commitment")
YEARS = timedelta(days=3650)  # before and after today: the demo plays months that have passed


def make_keys(folder: Path, towns: tuple[str, ...]) -> Path:
    """A key for each town that has none yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for town in towns:
        if not (path := folder / f"{town}.pem").exists():
            path.touch(0o600)
            path.write_bytes(key_of(f"{town} (demonstration)"))
    return folder


def key_of(name: str) -> bytes:
    """A private key and the certificate that it signed itself, as PEM."""
    key, now = generate_private_key(SECP256R1()), clock.now()
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = {each: each in SIGNS for each in USAGES}
    certificate = (
        x509.CertificateBuilder(named, named, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - YEARS)
        .not_valid_after(now + YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
