"""The way out: by the town's proxy, trusting its own authority beside the usual ones, and nobody else."""

import ssl
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from parvis import clock
from parvis.http_client import Clients, trusting
from parvis.sections import OutgoingSettings
from parvis_sdk.connectors import Pace

HERE = ("127.0.0.0/8",)


class Answering(BaseHTTPRequestHandler):
    """Answers with the address that it was asked for, whole as a proxy gets it."""

    def do_GET(self):
        body = self.path.encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        """Nothing on the screen."""


@pytest.fixture
def serving():
    """Starts a server; with a certificate it speaks TLS."""
    servers = []

    def start(context=None):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        server.daemon_threads = True
        server.handle_error = lambda *about: None  # a caller that does not trust us hangs up
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server.server_address[1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def authority(tmp_path):
    """The town's own authority, as a file, and what a server that it vouches for speaks TLS with."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Autorité de la Ville")])
    day = clock.of_machine() - timedelta(days=1)  # TLS is judged by no other clock
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), day, day + timedelta(30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = tmp_path / "authority.pem", tmp_path / "key.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption_algorithm=plain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return file, context


async def asked(outgoing, url):
    clients = Clients(outgoing)
    try:
        return (await clients.of("any", Pace(seconds=5)).get(url)).text
    finally:
        await clients.close()


async def test_every_call_goes_through_the_proxy_of_the_settings(serving):
    proxy = f"http://127.0.0.1:{serving()}"
    assert (
        await asked(OutgoingSettings(proxy=proxy), "http://erp.ville.example/orders")
        == "http://erp.ville.example/orders"
    )


async def test_nothing_of_the_environment_leads_calls_elsewhere(serving, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{serving()}")
    straight = f"http://127.0.0.1:{serving()}/straight"
    assert await asked(OutgoingSettings(private=HERE), straight) == "/straight"


async def test_the_authority_of_the_town_is_believed_where_its_file_is_named(serving, authority):
    file, context = authority
    url = f"https://localhost:{serving(context)}/inside"
    assert await asked(OutgoingSettings(private=("127.0.0.0/8", "::1"), ca=file), url) == "/inside"


async def test_a_stranger_is_not_believed(serving, authority):
    _, context = authority
    url = f"https://localhost:{serving(context)}/inside"
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        await asked(OutgoingSettings(private=("127.0.0.0/8", "::1")), url)


async def test_a_certificate_for_another_name_is_not_believed(serving, authority):
    file, context = authority
    url = f"https://127.0.0.1:{serving(context)}/inside"
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        await asked(OutgoingSettings(private=HERE, ca=file), url)


def test_authorities_are_read_once_and_again_when_their_file_was_written_anew(authority):
    file, _ = authority
    assert trusting(None) is trusting(None)
    before = trusting(file)
    assert trusting(file) is before is not trusting(None)
    file.write_bytes(file.read_bytes() + b"\n")
    assert trusting(file) is not before
