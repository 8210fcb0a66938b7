"""A software passkey, with responses like a browser's."""

import os
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PRESENT = AuthenticatorData.FLAG.UP
WITH_CREDENTIAL = PRESENT | AuthenticatorData.FLAG.AT


class Passkey:
    """A passkey for one site."""

    def __init__(self, origin: str = "http://testserver") -> None:
        self.origin, self.site = origin, sha256(b"testserver").digest()
        self.key, self.name = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)

    def created(self, options: dict[str, Any]) -> dict[str, Any]:
        """The response to a registration."""
        client = self._client("webauthn.create", options)
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.name, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(self.site, WITH_CREDENTIAL, 0, credential)
        attestation = AttestationObject.create("none", data, {})
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(attestation)})

    def signed(self, options: dict[str, Any]) -> dict[str, Any]:
        """The response to a sign-in."""
        client = self._client("webauthn.get", options)
        data = AuthenticatorData.create(self.site, PRESENT, 1)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": _text(client), "authenticatorData": _text(data), "signature": _text(signature)}
        return self._answer(response)

    def _client(self, kind: str, options: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(kind, options["publicKey"]["challenge"], self.origin)

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        name = _text(self.name)
        return {
            "type": "public-key",
            "id": name,
            "rawId": name,
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }


def _text(value: bytes) -> str:
    return websafe_encode(bytes(value))
