"""A child's identifier as a keyed hash: the key stands outside the database and never in a backup of it."""

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from pathlib import Path

from scorecards.errors import StoreError
from scorecards.store.private import write_once

KEY_FILE = "child-identifiers.key"
SHORTEST_KEY = 32
_WHOLE = re.compile(r"^([+-]?\d+)\.0+$")


def canonical(identifier: object) -> str:
    """Return an identifier as every sender's spelling of it: 9212044.0, "9212044 " and "'9212044" are one."""
    if isinstance(identifier, float) and identifier.is_integer():
        identifier = int(identifier)
    text = str(identifier)
    if text.isascii() and text.isalnum():
        return text.upper()  # nearly all of them: what follows would change nothing
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        # Marks that nobody sees (zero-width spaces, byte order marks) come along when cells are pasted.
        text = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    text = "".join(text.split()).lstrip("'‘’").upper()
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


def read_key(folder: Path) -> Pseudonymiser | None:
    """Return the pseudonymiser of SCORECARDS_KEY, else of the key file in `folder`, or None when there is neither."""
    given = os.environ.get("SCORECARDS_KEY")
    if given:
        return _checked(given, "SCORECARDS_KEY")
    path = folder / KEY_FILE
    try:
        return _checked(path.read_text("ascii").strip(), f"The key file {KEY_FILE}") if path.exists() else None
    except (OSError, ValueError):
        raise StoreError(
            f"The key file {KEY_FILE} cannot be read: it is damaged, or belongs to somebody else. Put the right one "
            "back; it cannot be made again."
        ) from None


def make_key(folder: Path) -> Pseudonymiser:
    """Write a new key into `folder`, for its owner's eyes alone (mode 0600), and return its pseudonymiser.

    Where another store of the same folder made one in the same moment, that is the key.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # On the disk before anything is stored under it: no other key gives the same pseudonyms.
    write_once(folder / KEY_FILE, secrets.token_hex(32).encode())
    return _checked((folder / KEY_FILE).read_text("ascii"), f"The key file {KEY_FILE}")


def _checked(key: str, where: str) -> Pseudonymiser:
    if len(key) < SHORTEST_KEY:
        raise StoreError(
            f"{where} is too short to be a key: it needs {SHORTEST_KEY} characters or more. Put the right one back; it "
            "cannot be made again."
        )
    return Pseudonymiser(key.encode())
