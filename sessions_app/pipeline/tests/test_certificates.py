"""A server whose certificate nobody vouches for is a matter for the administrator: waiting does not mend it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sessions_app.pipeline.engines.base import ConfigurationError, EngineSettings
from sessions_app.pipeline.engines.openai_audio import ApiTranscriber
from sessions_app.pipeline.types import Piece


def self_signed(folder: Path) -> Path:
    """A certificate of localhost and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    file = folder / "server.pem"
    file.write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return file


@pytest.fixture
def distrusted(tmp_path: Path) -> Iterator[str]:
    """The address of such a server, which is hung up on in the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            visitor, _ = server.accept()
            with visitor, pytest.raises(ssl.SSLError):
                context.wrap_socket(visitor, server_side=True)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield f"https://localhost:{server.getsockname()[1]}/v1"
        thread.join(10)


def test_a_refused_certificate_is_a_matter_for_the_administrator(distrusted: str, tmp_path: Path) -> None:
    audio = tmp_path / "piece.flac"
    audio.write_bytes(b"fLaC")
    chosen = EngineSettings(transcribe_base_url=distrusted, transcribe_model="m", transcribe_timeout=10)
    with pytest.raises(ConfigurationError):
        ApiTranscriber(chosen).transcribe(Piece(0, 0.0, 1.0, audio))
