"""Settings of the service: the command line, then the environment, then a file, then the defaults. Unknown ones are refused."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from graph.errors import InputError, OutsideError, UsageError, reason_of
from graph.language import Text
from graph.tables.suggest import did_you_mean

PREFIX = "JIEDUI_SERVE_"
"""Before a setting's name in the environment, in capitals."""
Network = IPv4Network | IPv6Network


def default_data() -> Path:
    """``service`` in the user's data folder for jiedui (XDG on Linux)."""
    from platformdirs import user_data_path

    return user_data_path("jiedui", appauthor=False) / "service"


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
    dask: str = Field(
        "",
        pattern=r"^((tcp|tls)://.+)?$",
        description="address of a Dask scheduler (`tcp://…`) to which sweeps and robust plans go; empty: they stay on this machine",
    )
    body_mb: int = Field(200, ge=1, description="largest upload, in MB")
    request_seconds: int = Field(
        60, ge=1, description="longest time that a request may take, event streams aside"
    )
    requests_per_minute: int = Field(
        0, ge=0, description="requests of one caller; 0: no limit on loopback, 600 elsewhere"
    )
    four_eyes: bool = Field(
        False, description="whether who adopts a plan must be another than who proposed it"
    )
    language: Literal["zh", "en"] = Field("zh", description="language where a request asks for none")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least that is logged"
    )

    @field_validator("behind_proxy", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("behind_proxy")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            ip_network(part, strict=False)
        return value

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

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
    found: dict[str, tuple[Any, str]] = {}
    for key, value in _of_file(file).items():
        found[key] = (value, str(file))
    for name, value in (os.environ if environ is None else environ).items():
        if name.startswith(PREFIX):
            found[name.removeprefix(PREFIX).lower()] = (value, name)
    for key, value in (given or {}).items():
        if value is not None:
            found[key] = (value, f"--{key.replace('_', '-')}")
    for key, (_, where) in found.items():
        if key not in Settings.model_fields:
            meant = did_you_mean(key, Settings.model_fields)
            there = Text(
                f"；有：{'、'.join(Settings.model_fields)}",
                f"; there are: {', '.join(Settings.model_fields)}",
            )
            told = meant if meant.en else there
            raise UsageError(
                f"{where}：没有设置 {key}{told.zh}", f"{where}: there is no setting {key}{told.en}"
            )
    try:
        return Settings.model_validate({key: value for key, (value, _) in found.items()})
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        where = found[key][1]
        raise UsageError(
            f"{where}：{found[key][0]!r} 不能作为 {key}（{first['msg']}）",
            f"{where}: {found[key][0]!r} cannot be {key} ({first['msg']})",
        ) from error


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
