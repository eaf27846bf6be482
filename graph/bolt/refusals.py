"""What the driver raises, told in words, in one line: why a Neo4j cannot be used, or what broke off the work on it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

from graph.bolt.address import CA_FILE, Address
from graph.errors import JieduiError, OutsideError, UsageError

BROKEN = (
    "No space left on device",
    "Could not append transaction",
    "critical error, and needs to be restarted",
)
"""What a database says that could not write its log: it does nothing more before it is started anew."""
CLOSED = (
    "incomplete handshake",
    "looks like HTTP",
    "Unknown Bolt protocol",
    "unsupported protocol",
    "Bolt handshake",
)


def told(error: BaseException, address: Address) -> JieduiError:
    """Why there is no connection, by the most telling of the errors that this one came from."""
    chain = list(_chain(error))
    return (
        _by_code(_codes(chain), address.uri, address.database, address.user)
        or _by_certificate(chain, address)
        or _by_protocol(chain, address)
        or _unreachable(chain, address)
    )


def broken_off(error: BaseException, uri: str, database: str | None, user: str) -> JieduiError:
    """Why work on a connection that was good ended; the driver has tried again by then, where that makes sense."""
    chain = list(_chain(error))
    by_code = _by_code(_codes(chain), uri, database, user)
    if by_code is not None:
        return by_code
    said = _said(error)
    if is_broken(error):
        return OutsideError(
            f"{uri} 写不了日志，停止了工作（多半是磁盘已满）；没有半途可见的内容：请腾出空间，重启服务器（私有的：jiedui graph down，再 up），再运行一次",
            f"{uri} could not write its log and stopped its work (the disk is full, most likely); nothing half-done is seen: make room, restart the server (a private one: jiedui graph down, then up), and run it again",
        )
    kinds = {k.__name__ for k in type(error).__mro__}
    if "TransientError" in kinds:
        return OutsideError(
            f"{uri} 暂时无法完成，多次重试无果：{said}；没有半途可见的内容，请稍后再运行一次",
            f"{uri} could not do it for now, though it was tried again: {said}; nothing half-done is seen, run it again later",
        )
    if "Neo4jError" in kinds:
        return OutsideError(f"{uri} 拒绝了请求：{said}", f"{uri} refused: {said}")
    return OutsideError(
        f"与 {uri} 的连接中断：{said}；没有半途可见的内容，请确认服务器在运行，再运行一次",
        f"the connection to {uri} broke: {said}; nothing half-done is seen: see that the server runs, then run it again",
    )


def is_broken(error: BaseException) -> bool:
    """Whether a database does nothing more before it is started anew."""
    return any(words in str(e) for e in _chain(error) for words in BROKEN)


def _said(error: BaseException) -> str:
    lines = str(getattr(error, "message", None) or error).splitlines()
    return lines[0] if lines else type(error).__name__


def _codes(chain: list[BaseException]) -> set[str]:
    return {str(getattr(e, "code", None)) for e in chain}


def _by_code(codes: set[str], uri: str, database: str | None, user: str) -> JieduiError | None:
    if any(c.endswith(("Security.Unauthorized", "Security.AuthenticationRateLimit")) for c in codes):
        return UsageError(
            f"{uri} 不接受用户 {user} 的密码；请检查 NEO4J_USER 与 NEO4J_PASSWORD（或其文件）",
            f"{uri} does not take the password of {user}; look at NEO4J_USER and NEO4J_PASSWORD (or its file)",
        )
    if any(c.endswith("Security.CredentialsExpired") for c in codes):
        return UsageError(
            f"{uri} 要求用户 {user} 先更换密码", f"{uri} wants {user} to change the password first"
        )
    if any(c.endswith("Database.DatabaseNotFound") for c in codes):
        return UsageError(
            f"{uri} 没有数据库 {database}；请检查 NEO4J_DATABASE",
            f"{uri} has no database {database}; look at NEO4J_DATABASE",
        )
    if any(c.endswith(("Security.Forbidden", "Security.AuthorizationFailed")) for c in codes):
        return UsageError(f"{uri} 不许用户 {user} 这样做", f"{uri} does not allow {user} to do this")
    return None


def _by_certificate(chain: list[BaseException], address: Address) -> JieduiError | None:
    uri = address.uri
    failed = next((e for e in chain if isinstance(e, ssl.SSLCertVerificationError)), None)
    if failed is not None:
        why = failed.verify_message
        return OutsideError(
            f"不信任 {uri} 的证书（{why}）；可用 {CA_FILE} 指定签发它的证书文件，或用 +ssc 不核对",
            f"the certificate of {uri} is not trusted ({why}); name its issuer's file by {CA_FILE}, or write +ssc to trust any",
        )
    if any(isinstance(e, ssl.SSLError) for e in chain) or (
        "+s" in uri.partition("://")[0] and any(isinstance(e, ConnectionResetError) for e in chain)
    ):
        return OutsideError(
            f"{uri} 没有按 TLS 应答；不用 TLS 的服务器请写 bolt:// 或 neo4j://",
            f"{uri} does not answer with TLS; a server without it is written bolt:// or neo4j://",
        )
    return None


def _by_protocol(chain: list[BaseException], address: Address) -> JieduiError | None:
    names = {type(e).__name__ for e in chain}
    said = " ".join(map(str, chain))
    if "UnsupportedServerProduct" in names or "BoltHandshakeError" in names or any(c in said for c in CLOSED):
        return OutsideError(
            f"{address.uri} 上的不是 Neo4j，或它只接受 TLS（写 bolt+s://）；Neo4j 的 Bolt 端口通常是 7687",
            f"what listens at {address.uri} is no Neo4j, or one that wants TLS (write bolt+s://); Bolt's usual port is 7687",
        )
    if "DatabaseUnavailable" in names or any(
        "DatabaseUnavailable" in str(getattr(e, "code", "")) for e in chain
    ):
        return OutsideError(
            f"{address.uri} 的数据库 {address.database} 没有在线",
            f"the database {address.database} of {address.uri} is not online",
        )
    return None


def _unreachable(chain: list[BaseException], address: Address) -> JieduiError:
    reasons = [e.strerror or str(e) for e in chain if isinstance(e, OSError)]
    why = reasons[-1] if reasons else str(chain[0]).splitlines()[0]
    return OutsideError(
        f"连不上 {address.uri}（{why}）；请检查地址，以及服务器是否在运行",
        f"{address.uri} cannot be reached ({why}); look at the address, and whether the server runs",
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, those that it came from, and those of groups, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        found = waiting.pop(0)
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [found.__cause__, found.__context__, *getattr(found, "exceptions", ())]
