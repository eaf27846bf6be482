"""Secrets that are shown once: made by chance, kept as a salted digest, looked up by the id before them.

The secrets have 256 bits of chance, so that one SHA-256 with a salt is enough: there is nothing to guess from, unlike passwords.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

BYTES = 32
TOKEN = "jd_"
"""Before a token, so that people and programs that look for leaked secrets know it."""
ID = "[0-9a-f]{16}"
_WRITTEN = re.compile(rf"({ID})_([A-Za-z0-9_-]{{43}})")


@dataclass(frozen=True)
class Secret:
    """An id with what proves it.

    Parameters
    ----------
    id : str
        May be shown.
    word : str
        May not; not in the ``repr``.
    """

    id: str
    word: str = field(repr=False)

    @classmethod
    def new(cls) -> Secret:
        """One that nobody has had before."""
        return cls(secrets.token_hex(8), secrets.token_urlsafe(BYTES))

    @classmethod
    def read(cls, text: str) -> Secret | None:
        """What :attr:`written` wrote; ``None`` where it is none."""
        found = _WRITTEN.fullmatch(text)
        return None if found is None else cls(found[1], found[2])

    @property
    def written(self) -> str:
        """Both, as one word."""
        return f"{self.id}_{self.word}"

    @property
    def token(self) -> str:
        """Both, as a token is written."""
        return f"{TOKEN}{self.written}"

    @classmethod
    def read_token(cls, text: str) -> Secret | None:
        """What :attr:`token` wrote; ``None`` where it is none."""
        return cls.read(text.removeprefix(TOKEN)) if text.startswith(TOKEN) else None

    def digest(self, salt: bytes) -> bytes:
        """What is kept of it."""
        return hashlib.sha256(salt + self.word.encode()).digest()

    def proves(self, salt: bytes, digest: bytes) -> bool:
        """Whether it is the one that was kept; takes as long whether or not."""
        return hmac.compare_digest(self.digest(salt), digest)

    def derived(self, what: str) -> str:
        """Another secret, the same each time, from which this one cannot be found."""
        return hmac.new(self.word.encode(), what.encode(), hashlib.sha256).hexdigest()


def new_salt() -> bytes:
    """Sixteen bytes by chance."""
    return secrets.token_bytes(16)
