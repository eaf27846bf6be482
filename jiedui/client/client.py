"""The two clients."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Generic, Self, Unpack
from urllib.parse import urlsplit

import httpx2

from graph.errors import UsageError
from graph.language import Language
from jiedui.client.access import Tokens
from jiedui.client.answers import (
    CheckOptions,
    CompareOptions,
    ExplainOptions,
    Me,
    PlanOptions,
    Schema,
    Version,
)
from jiedui.client.audit import Audit
from jiedui.client.call import Call, at, several
from jiedui.client.jobs import Job, Jobs, PlanJob
from jiedui.client.line import AwaitingLine, BlockingLine
from jiedui.client.lists import read_json
from jiedui.client.modes import Async, Group, M, Sync, driven, method
from jiedui.client.network import Network
from jiedui.client.office import Alerts, Findings, Freezes, Ledger, Requests
from jiedui.client.plans import Plans
from jiedui.client.scenarios import Scenarios
from jiedui.client.talk import Talk
from jiedui.client.uploads import Uploads

HERE = "http://127.0.0.1:8470"
"""Where `jiedui serve` listens by default."""


class _Service(Group[M], Generic[M]):
    """All that a service can be asked for, in both clients."""

    def __init__(self, talk: Talk) -> None:
        super().__init__(talk)
        self.network: Network[M] = Network(talk)
        self.plans: Plans[M] = Plans(talk)
        self.scenarios: Scenarios[M] = Scenarios(talk)
        self.uploads: Uploads[M] = Uploads(talk)
        self.jobs: Jobs[M] = Jobs(talk)
        self.requests: Requests[M] = Requests(talk)
        self.freezes: Freezes[M] = Freezes(talk)
        self.findings: Findings[M] = Findings(talk)
        self.ledger: Ledger[M] = Ledger(talk)
        self.alerts: Alerts[M] = Alerts(talk)
        self.tokens: Tokens[M] = Tokens(talk)
        self.audit: Audit[M] = Audit(talk)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._talk.line.base}>"

    @method
    async def me(self) -> Me:
        """Who one is to the service, and what one may do."""
        return await read_json(self._talk, Call("GET", at("me")), Me)

    @method
    async def version(self) -> Version:
        """Versions of the program, the interface and the formats."""
        return await read_json(self._talk, Call("GET", "/version"), Version)

    @method
    async def schema(self) -> Schema:
        """Tables with their columns, titles and units."""
        return await read_json(self._talk, Call("GET", at("schema")), Schema)

    @method
    async def plan(
        self, /, scenario: str, *, set: Mapping[str, Any] | None = None, stages: str | Sequence[str] = (),
        again_with: str | None = None, **options: Unpack[PlanOptions],
    ) -> PlanJob[M]:  # fmt: skip
        """Order a plan.

        Parameters
        ----------
        scenario : str
            Name of a scenario of the service, or of a shipped one.
        set : mapping, optional
            Policy values that are changed: ``{"funds.deep_poverty_share": 0.5}``.
        stages : str or sequence of str
            Only these.
        again_with : str, optional
            See :meth:`jiedui.client.jobs.Jobs.order`.
        **options
            Of ``jiedui plan``, by the names that the document of the API lists: ``time_limit`` (seconds), ``elastic``, ``published``, …
        """
        changed = [f"{name}={_setting(value)}" for name, value in (set or {}).items()]
        arguments = {"scenario": scenario, "settings": changed, "stages": several(stages), **options}
        return PlanJob[M](self._talk, await self.jobs._order("plan", arguments, again_with))

    @method
    async def explain(
        self, /, plan: str, subject: str | None = None, **options: Unpack[ExplainOptions]
    ) -> Job[M]:
        """Order the reasons of a plan's decisions about a subject; see docs/explaining.md."""
        return await self._order("explain", {"plan": plan, "subject": subject, **options})

    @method
    async def compare(self, /, *plans: str, **options: Unpack[CompareOptions]) -> Job[M]:
        """Order a comparison of plans, the first of which the others are held against."""
        return await self._order("compare", {"plans": list(plans), **options})

    @method
    async def verify(self, /, plan: str) -> Job[M]:
        """Order a check of a plan against every hard rule."""
        return await self._order("verify", {"plan": plan})

    @method
    async def check(self, /, scenario: str, **options: Unpack[CheckOptions]) -> Job[M]:
        """Order a check of a scenario: its rows, its rules, its size."""
        return await self._order("check", {"scenario": scenario, **options})

    async def _order(self, kind: str, arguments: Mapping[str, Any]) -> Job[M]:
        return Job[M](self._talk, await self.jobs._order(kind, arguments))


class Client(_Service[Sync]):
    """A jiedui service, asked from Python; every method blocks.

    Parameters
    ----------
    url : str, optional
        Where the service is; ``JIEDUI_URL`` by default, else this machine's :8470.
    token : str, optional
        Who asks; ``JIEDUI_TOKEN`` by default. A service on this machine may need none.
    ca : path, optional
        Certificates (PEM) by which the service's own is known, where the system does not know it.
    language : {"zh", "en"}, optional
        Of what the service says; its own by default.
    timeout : float
        Seconds until a request that gives no sign is given up.
    attempts : int
        How often a request is tried, where it is safe to send it again.
    patience : float
        Seconds after which nothing is tried again.

    Raises
    ------
    UsageError
        When the address is none, a token would go over the net unencrypted, or ``ca`` holds no certificates.
    """

    def __init__(
        self, url: str | None = None, *, token: str | None = None, ca: str | Path | None = None, language: Language | None = None,
        timeout: float = 60.0, attempts: int = 4, patience: float = 45.0,
    ) -> None:  # fmt: skip
        settings = _settings(url, token, ca, language, timeout)
        super().__init__(Talk(BlockingLine(httpx2.Client(**settings)), attempts, patience))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        driven(self._talk.close())


class AsyncClient(_Service[Async]):
    """A jiedui service, asked from Python; every method is awaited. Parameters and errors as :class:`Client`."""

    def __init__(
        self, url: str | None = None, *, token: str | None = None, ca: str | Path | None = None, language: Language | None = None,
        timeout: float = 60.0, attempts: int = 4, patience: float = 45.0,
    ) -> None:  # fmt: skip
        settings = _settings(url, token, ca, language, timeout)
        super().__init__(Talk(AwaitingLine(httpx2.AsyncClient(**settings)), attempts, patience))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._talk.close()


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _settings(
    url: str | None, token: str | None, ca: str | Path | None, language: Language | None, timeout: float
) -> dict[str, Any]:
    """What httpx2 is told; nothing is taken from proxies on the way to this machine."""
    base = (url or os.environ.get("JIEDUI_URL") or HERE).rstrip("/")
    token = token or os.environ.get("JIEDUI_TOKEN") or None
    here = _demand_safe(base, token)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if language:
        headers["Accept-Language"] = language
    found: dict[str, Any] = {
        "base_url": base,
        "headers": headers,
        "timeout": httpx2.Timeout(timeout, connect=min(10.0, timeout)),
    }
    return found | {"trust_env": not here} | ({"verify": _trusting(ca)} if ca else {})


def _trusting(ca: str | Path) -> ssl.SSLContext:
    """By which certificates the service's own is known.

    Raises
    ------
    UsageError
        When the file cannot be read, or holds no certificates.
    """
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:  # an SSLError is one, too
        why = error.strerror or str(error)
        raise UsageError(
            f"ca：{ca} 读不出 PEM 证书（{why}）", f"ca: {ca} cannot be read as certificates (PEM): {why}"
        ) from error


def _demand_safe(url: str, token: str | None) -> bool:
    """Whether a service is on this machine.

    Raises
    ------
    UsageError
        When the address is none, holds a password, or the token would go over the net unencrypted.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise UsageError(
            "服务地址应如 http://127.0.0.1:8470（令牌用 token 或 JIEDUI_TOKEN 给出）",
            "a service's address is like http://127.0.0.1:8470 (the token goes into token or JIEDUI_TOKEN)",
        )
    try:
        here = ip_address(parts.hostname).is_loopback
    except ValueError:
        here = parts.hostname == "localhost"
    if token and parts.scheme == "http" and not here:
        raise UsageError(
            f"令牌不能以明文发往 {parts.hostname}；请用 https",
            f"a token is not sent to {parts.hostname} unencrypted: use https",
        )
    return here
