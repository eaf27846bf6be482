"""The certificate and its key: what is wrong with them is told with the file and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from api.service.certificate import demand_certificate
from graph.errors import UsageError

NOW = datetime.now(UTC)
Pair = tuple[Path, Path]


def issued(folder: Path, authority: trustme.CA, name: str = "own", **more: datetime) -> Pair:
    """A certificate and its key."""
    made = authority.issue_cert("localhost", **more)
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    for part in made.cert_chain_pems:
        part.write_to_path(cert, append=True)
    made.private_key_pem.write_to_path(key)
    return cert, key


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who vouches."""
    return trustme.CA()


def test_what_belongs_together_holds(tmp_path: Path, authority: trustme.CA) -> None:
    assert demand_certificate(*issued(tmp_path, authority)) is None


def locked(cert: Path, key: Path) -> Pair:
    """The key with a password."""
    secret = load_pem_private_key(key.read_bytes(), None)
    key.write_bytes(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"hush")))
    return cert, key


def cut(cert: Path, key: Path) -> Pair:
    """A certificate that ends early."""
    cert.write_bytes(cert.read_bytes()[:200])
    return cert, key


WRONG: dict[str, tuple[Callable[[Path, Path], Pair], str]] = {
    "no certificate there": (lambda c, k: (c.parent / "nofile", k), "--tls-cert: cannot read {0}/nofile: No such file"),
    "no key there": (lambda c, k: (c, c.parent / "nofile"), "--tls-key: cannot read {0}/nofile: No such file"),
    "a folder": (lambda c, k: (c.parent, k), "--tls-cert: cannot read {0}"),
    "the key where the certificate should be": (lambda c, k: (k, k), "--tls-cert {0}/own.key holds no certificate"),
    "the certificate where the key should be": (lambda c, k: (c, c), "--tls-key {0}/own.pem holds no private key"),
    "a certificate cut short": (cut, "--tls-cert {0}/own.pem holds no certificate"),
    "a key with a password": (locked, "--tls-key {0}/own.key has a password; take it off"),
}  # fmt: skip


@pytest.mark.parametrize("why", WRONG)
def test_what_cannot_be_used_is_told(why: str, tmp_path: Path, authority: trustme.CA) -> None:
    change, words = WRONG[why]
    with pytest.raises(UsageError) as caught:
        demand_certificate(*change(*issued(tmp_path, authority)))
    assert words.format(tmp_path) in caught.value.text.en and str(tmp_path) in caught.value.text.zh


def test_anothers_key_is_refused(tmp_path: Path, authority: trustme.CA) -> None:
    cert, _ = issued(tmp_path, authority)
    _, key = issued(tmp_path, authority, "other")
    with pytest.raises(UsageError, match="is not the key of the first certificate"):
        demand_certificate(cert, key)


@pytest.mark.parametrize(
    ("first", "last", "words"), [(-9, -2, "expired on"), (2, 9, "is refused until then")]
)
def test_one_that_does_not_hold_today_is_a_warning(
    first: int, last: int, words: str, tmp_path: Path, authority: trustme.CA
) -> None:
    days = {"not_before": NOW + timedelta(first), "not_after": NOW + timedelta(last)}
    warning = demand_certificate(*issued(tmp_path, authority, **days))
    assert warning is not None and words in warning.en and "own.pem" in warning.zh
