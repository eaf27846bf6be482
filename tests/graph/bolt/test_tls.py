"""TLS on a real server with a certificate that somebody made."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from graph.bolt import Address, connect
from graph.errors import InputError, OutsideError
from graph.server.private import PrivateServer
from graph.server.settings import OWN
from tests.neo4j_server import MEMORY_MB

REQUIRED = """# TLS alone
server.bolt.tls_level=REQUIRED
dbms.ssl.policy.bolt.enabled=true
dbms.ssl.policy.bolt.base_directory={folder}
dbms.ssl.policy.bolt.private_key=private.key
dbms.ssl.policy.bolt.public_certificate=public.crt
dbms.ssl.policy.bolt.client_auth=NONE
"""


def test_tls(own_server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trusted by its issuer's file, by the system's, or by +ssc; without, each refusal says what to do."""
    issuer = trustme.CA()
    certificate = issuer.issue_cert("127.0.0.1", "localhost")
    folder = tmp_path / "tls"
    folder.mkdir()
    certificate.private_key_pem.write_to_path(folder / "private.key")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(folder / "public.crt", append=True)
    issuer.cert_pem.write_to_path(tmp_path / "issuer.pem")
    own_server.folders.make()
    (own_server.folders.configuration / OWN).write_text(REQUIRED.format(folder=folder), encoding="utf-8")
    status = own_server.up(memory_mb=MEMORY_MB)
    assert status.uri is not None and status.uri.startswith("bolt+ssc://")

    def answers(scheme: str, ca_file: Path | None = None) -> bool:
        assert status.uri is not None
        uri = status.uri.replace("bolt+ssc", scheme)
        with connect(Address(uri, password=status.password(), ca_file=ca_file)) as connection:
            return connection.edition == "community"

    assert answers("bolt+ssc") and answers("neo4j+ssc")
    assert answers("bolt+s", tmp_path / "issuer.pem") and answers("neo4j+s", tmp_path / "issuer.pem")
    for scheme in ("bolt+s", "neo4j+s"):
        with pytest.raises(OutsideError, match=r"not trusted .*NEO4J_CA_FILE"):
            answers(scheme)
    for scheme in ("bolt", "neo4j"):
        with pytest.raises(OutsideError, match=r"wants TLS \(write bolt\+s"):
            answers(scheme)
    with pytest.raises(InputError, match="cannot read the certificates"):
        answers("bolt+s", tmp_path / "nowhere.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "issuer.pem"))
    assert answers("bolt+s")
