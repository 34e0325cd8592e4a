"""Partners' files as they came, encrypted under a key that stands outside the database, for a set time."""

import datetime
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, delete, func, insert, select, update

from scorecards.errors import StoreError
from scorecards.store.engine import Store, home
from scorecards.store.private import write_once
from scorecards.store.schema import original, setting, source_file
from scorecards.store.writing import name_kept, write_audit, writing

KEY_FILE = "originals.key"
KEY_SETTING = "SCORECARDS_ORIGINALS_KEY"
FINGERPRINT = "originals_key_fingerprint"


@dataclass(frozen=True)
class Kept:
    """An original that is kept, without its bytes."""

    sha256: str
    name: str
    kept_on: datetime.date
    keep_until: datetime.date  # the last day on which it may be fetched


def keep_original(store: Store, connection: Connection, sha256: str, data: bytes, received: datetime.date) -> None:
    """Keep a file, encrypted, for as long after its receipt as the partnership says; not one that is past that."""
    until = received + datetime.timedelta(days=store.definitions.partnership.keep_originals_days)
    if until < store.today:
        return
    key = key_of(connection, home())
    days = {"kept_on": store.today.toordinal(), "keep_until": until.toordinal()}
    is_here = connection.scalar(select(original.c.sha256).where(original.c.sha256 == sha256)) is not None
    if is_here:
        connection.execute(update(original).where(original.c.sha256 == sha256).values(days))
    else:
        connection.execute(insert(original).values(sha256=sha256, token=key.encrypt(data), **days))


def read_original(store: Store, connection: Connection, sha256: str) -> bytes:
    """Return a file as it came; raise StoreError where it is not kept, or the key is not the one it was kept under."""
    row = connection.execute(select(original).where(original.c.sha256 == sha256)).mappings().one_or_none()
    if row is None:
        raise StoreError("The original of this file is not kept: it was purged, or columns of it were left out.")
    if row["keep_until"] < store.today.toordinal():
        until = datetime.date.fromordinal(row["keep_until"])
        raise StoreError(f"The original might be kept until {until:%d/%m/%Y} and may not be fetched any more.")
    try:
        data = key_of(connection, home()).decrypt(row["token"])
    except InvalidToken:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StoreError("The original in the store is damaged. Ask the sender for the file, or restore a backup.")
    return data


def kept_originals(connection: Connection) -> dict[str, Kept]:
    """Return what is kept, by SHA-256."""
    columns = (original.c.sha256, source_file.c.name, original.c.kept_on, original.c.keep_until)
    rows = connection.execute(select(*columns).join(source_file).order_by(original.c.keep_until, source_file.c.name))
    day = datetime.date.fromordinal
    return {sha256: Kept(sha256, name, day(kept), day(until)) for sha256, name, kept, until in rows}


def purge_originals(store: Store, by: str) -> tuple[Kept, ...]:
    """Delete the originals that are past their time, with a line in the audit log; return which they were."""
    with writing(store) as connection:
        gone = tuple(one for one in kept_originals(connection).values() if one.keep_until < store.today)
        if connection.dialect.name == "sqlite":
            # Pages that a deletion frees are overwritten with zeros instead of left in the file.
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        connection.execute(delete(original).where(original.c.keep_until < store.today.toordinal()))
        if gone:
            count = "1 original" if len(gone) == 1 else f"{len(gone):,} originals"
            which = ", ".join(one.sha256[:12] for one in gone)
            write_audit(connection, name_kept(by), f"Purged: {count} past their time ({which})", None)
    return gone


def key_of(connection: Connection, folder: Path) -> Fernet:
    """Return the key of this store's originals: made with the first of them, and refused when it is another one."""
    stored = connection.scalar(select(setting.c.value).where(setting.c.name == FINGERPRINT))
    is_any = bool(connection.scalar(select(func.count()).select_from(original)))
    key = read_key(folder)
    if key is None and is_any:
        raise StoreError(
            f"The key of the originals is missing: {KEY_FILE} is not in the data folder. Put it back, or set "
            f"{KEY_SETTING}; without it no original can be read again. Nothing was changed."
        )
    if key is not None and is_any and stored != fingerprint(key):
        raise StoreError(
            "The key of the originals is not the one that this store's were encrypted with. Put the right key file "
            f"back (or set {KEY_SETTING}); nothing was changed."
        )
    if key is None:
        key = make_key(folder)
    if stored != fingerprint(key):
        connection.execute(delete(setting).where(setting.c.name == FINGERPRINT))
        connection.execute(insert(setting).values(name=FINGERPRINT, value=fingerprint(key)))
    return Fernet(key)


def fingerprint(key: bytes) -> str:
    """Return what tells this key from another without giving it away."""
    return hashlib.sha256(b"scorecards originals fingerprint" + key).hexdigest()[:16]


def read_key(folder: Path) -> bytes | None:
    """Return the key of SCORECARDS_ORIGINALS_KEY, else of the key file in `folder`, or None when there is neither."""
    given = os.environ.get(KEY_SETTING)
    if given:
        return checked(given, KEY_SETTING)
    path = folder / KEY_FILE
    try:
        return checked(path.read_text("ascii"), f"The key file {KEY_FILE}") if path.exists() else None
    except (OSError, UnicodeError):
        raise StoreError(
            f"The key file {KEY_FILE} cannot be read: it is damaged, or belongs to somebody else. Put the right one "
            "back; it cannot be made again."
        ) from None


def checked(text: str, where: str) -> bytes:
    key = text.strip().encode()
    try:
        Fernet(key)
    except ValueError:
        raise StoreError(
            f"{where} is no key of originals: that is 44 characters, as Fernet.generate_key() of the library "
            "cryptography makes them. Put the right one back."
        ) from None
    return key


def make_key(folder: Path) -> bytes:
    """Write a new key into `folder`, for its owner's eyes alone (mode 0600), and return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # On the disk before anything is encrypted under it; another store of the same folder may make one in this moment.
    write_once(folder / KEY_FILE, Fernet.generate_key())
    return checked((folder / KEY_FILE).read_text("ascii"), f"The key file {KEY_FILE}")
