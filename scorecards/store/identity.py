"""A child's identifier as a keyed hash: the key stands outside the database and never in a backup of it."""

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from pathlib import Path

from scorecards.errors import StoreError

KEY_FILE = "child-identifiers.key"
_WHOLE = re.compile(r"^([+-]?\d+)\.0+$")


def canonical(identifier: object) -> str:
    """Return an identifier as every sender's spelling of it: 9212044.0, "9212044 " and "'9212044" are one."""
    if isinstance(identifier, float) and identifier.is_integer():
        identifier = int(identifier)
    text = unicodedata.normalize("NFKC", str(identifier)).strip().lstrip("'‘’").strip()
    text = "".join(text.split()).upper()
    whole = _WHOLE.match(text)
    return whole.group(1) if whole else text


class Pseudonymiser:
    """Turns identifiers into 32 hexadecimal characters that only the holder of the key can make again."""

    def __init__(self, key: bytes):
        self._key = key

    @property
    def fingerprint(self) -> str:
        """Return what tells this key from another without giving it away."""
        return hashlib.sha256(b"scorecards key fingerprint" + self._key).hexdigest()[:16]

    def pseudonym(self, identifier: object) -> str:
        """Return the keyed hash (HMAC-SHA256, first 128 bits) of the canonical identifier."""
        return hmac.digest(self._key, canonical(identifier).encode(), "sha256").hex()[:32]


def read_or_make_key(folder: Path) -> Pseudonymiser:
    """Return the pseudonymiser of SCORECARDS_KEY, or of the key file in `folder`, made on first use (mode 0600)."""
    given = os.environ.get("SCORECARDS_KEY")
    if given:
        return Pseudonymiser(given.encode())
    path = folder / KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    key = path.read_text().strip()
    if len(key) < 32:
        raise StoreError(
            f"The key file {path.name} is too short to be a key. Put the right one back; it cannot be made again."
        )
    return Pseudonymiser(key.encode())
