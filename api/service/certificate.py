"""The service's own certificate and key, looked at before anything is opened: TLS itself names neither file nor remedy."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import UsageError, reason_of
from graph.language import Text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate


def demand_certificate(cert: Path, key: Path) -> Text | None:
    """Refuse files that TLS could not begin with.

    Parameters
    ----------
    cert : Path
        The certificate, and behind it those that vouch for it (PEM).
    key : Path
        Its private key (PEM), without a password.

    Returns
    -------
    Text or None
        A warning where the certificate does not hold today: the service runs, and those who check it refuse it.

    Raises
    ------
    UsageError
        When a file cannot be read or is not what it should be, or the key is another certificate's.
    """
    own, secret = _certificate(cert), _key(key)
    if own.public_key() != secret.public_key():
        raise UsageError(
            f"--tls-key {key} 不是 --tls-cert {cert} 中首个证书的私钥；请给出同一次签发的两个文件，服务自己的证书要排在最前",
            f"--tls-key {key} is not the key of the first certificate in --tls-cert {cert}; give the two files that belong together, "
            "the service's own certificate first",
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except ssl.SSLError as error:  # a weak key, a broken certificate behind the first
        raise UsageError(
            f"TLS 不接受 --tls-cert {cert} 和 --tls-key {key}（{error.reason}）；请重新签发，或检查首个证书之后的证书",
            f"TLS does not take --tls-cert {cert} and --tls-key {key} ({error.reason}); have them issued anew, or check the certificates "
            "behind the first",
        ) from error
    return _of_another_day(cert, own)


def _certificate(file: Path) -> Certificate:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(_read("--tls-cert", file))[0]
    except ValueError as error:
        raise UsageError(
            f"--tls-cert {file} 里没有可用的证书；应是 PEM 文件，以 -----BEGIN CERTIFICATE----- 开头",
            f"--tls-cert {file} holds no certificate that can be used; it is a PEM file that begins with -----BEGIN CERTIFICATE-----",
        ) from error


def _key(file: Path) -> PrivateKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(_read("--tls-key", file), None)
    except TypeError as error:
        raise UsageError(
            f"--tls-key {file} 有密码；请去掉密码（openssl pkey -in {file} -out 新文件），并让它只对服务的用户可读",
            f"--tls-key {file} has a password; take it off (openssl pkey -in {file} -out NEW), and let only the service's user read it",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(
            f"--tls-key {file} 里没有可用的私钥；应是 PEM 文件，含 -----BEGIN PRIVATE KEY-----（或 RSA、EC 的同类）",
            f"--tls-key {file} holds no private key that can be used; it is a PEM file with -----BEGIN PRIVATE KEY----- (or that of RSA or EC)",
        ) from error


def _read(option: str, file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        why = reason_of(error)
        raise UsageError(
            f"{option}：无法读取 {file}：{why.zh}", f"{option}: cannot read {file}: {why.en}"
        ) from error


def _of_another_day(file: Path, own: Certificate) -> Text | None:
    now, first, last = datetime.now(UTC), own.not_valid_before_utc, own.not_valid_after_utc
    if now > last:
        return Text(
            f"--tls-cert {file} 已于 {last:%Y-%m-%d} 过期，浏览器和客户端会拒绝；请换新的证书",
            f"--tls-cert {file} expired on {last:%Y-%m-%d}, so browsers and clients refuse it; get a new one",
        )
    if now < first:
        return Text(
            f"--tls-cert {file} 自 {first:%Y-%m-%d} 起才有效，此前会被拒绝；请检查本机时钟",
            f"--tls-cert {file} holds from {first:%Y-%m-%d} on and is refused until then; check this machine's clock",
        )
    return None
