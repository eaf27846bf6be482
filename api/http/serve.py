"""Run the service: the server, and the worker beside it, until a signal asks for the end."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from socket import socket

import uvicorn
from fastapi import FastAPI

from api.geometry.drawn import ahead
from api.http.app import create_app
from api.http.beside import Beside
from api.http.wire import wired
from api.jobs.means import means_of
from api.logs import logging_to
from api.service.safe import demand_safe
from api.service.service import Service, open_service
from api.service.settings import Settings
from api.service.starting import demand_network
from graph.errors import JieduiError, OutsideError, UsageError
from graph.language import Text

log = logging.getLogger("jiedui.http")

LOCK = "serving.lock"
FILES = 500
"""Beside its connections, so many files may be open."""
GRACE_SECONDS = 10
"""For requests that run when the service is told to stop."""
LAST_SECONDS = 2
"""For telling those that did not end by then that the service stops, before anything is closed that they stand on."""


class Server(uvicorn.Server):
    """Tells where it listens, once it does; ends event streams when it is told to stop, so that nobody waits for them."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, told: Callable[[str], None]) -> None:
        super().__init__(config)
        self.app, self.told = app, told

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but a signal that asked for the end is not raised again behind it: the end was in good order."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        if self.started:
            for server in self.servers:
                for listening in server.sockets:
                    host, port = listening.getsockname()[:2]
                    shown = f"[{host}]" if ":" in host else host
                    self.told(f"{'https' if self.config.is_ssl else 'http'}://{shown}:{port}")

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End the streams, let requests end, listen no more."""
        await self.app.state.streams.close()
        await super().shutdown(sockets)

    async def _wait_tasks_to_complete(self) -> None:
        """As uvicorn's, but requests that do not end in time are cut off while they can still be answered."""
        try:
            await asyncio.wait_for(super()._wait_tasks_to_complete(), GRACE_SECONDS)
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
            await super()._wait_tasks_to_complete()


def serve(
    settings: Settings, network: str, told: Callable[[str, bool], None], warned: Callable[[Text], None] = lambda _: None
) -> None:  # fmt: skip
    """Serve until SIGINT or SIGTERM; running requests end, jobs are put back for the next start.

    Parameters
    ----------
    settings : Settings
    network : str
        What questions are asked of.
    told : callable
        Gets the address when the service listens, and whether the web view is there.
    warned : callable
        Gets what does not keep it from starting, but should be known; the log is told, too.

    Raises
    ------
    UsageError
        When the settings open it to others without what that takes, a certificate cannot be used, or the network is not there.
    OutsideError
        When another service holds the data folder, or the port is taken.
    """
    warnings = [demand_safe(settings)]
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_room(settings.connections)
    with alone(settings.data), logged(settings):
        service = open_service(settings, network)
        try:
            demand_way_in(service)
            warnings.append(demand_network(service.networks))
            app = create_app(service)
        except BaseException:
            service.close()
            raise
        for warning in filter(None, warnings):
            log.warning("starting", extra={"facts": {"why": warning.en}})
            warned(warning)
        beside = Beside(means_of(settings))
        app.state.worker = beside.alive
        beside.start()

        def listens(address: str) -> None:
            told(address, app.state.pages.there)
            draw_ahead(service)

        try:
            Server(config_of(settings, app), app, listens).run()
        except SystemExit as error:  # uvicorn's way to say that it cannot listen
            raise OutsideError(
                f"无法在 {settings.host}:{settings.port} 监听；端口可能已被占用，请用 --port 换一个",
                f"cannot listen on {settings.host}:{settings.port}; the port may be taken, name another with --port",
            ) from error
        finally:
            beside.stop()


def draw_ahead(service: Service) -> None:
    """Begin to make the shapes of maps, in a process of its own, so that who asks first need not wait; nothing of it delays the start."""

    def work() -> None:
        try:
            ahead(service)
        except JieduiError as error:  # who asks is told
            log.warning("shapes", extra={"facts": {"why": error.text.en}})

    threading.Thread(target=work, name="shapes ahead", daemon=True).start()


def config_of(settings: Settings, app: FastAPI) -> uvicorn.Config:
    """How the server runs. Forwarded headers are believed from the proxies that were named, and from nobody else."""
    return uvicorn.Config(
        app, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS + LAST_SECONDS, proxy_headers=bool(settings.behind_proxy), forwarded_allow_ips=list(settings.behind_proxy),
        ssl_certfile=settings.tls_cert, ssl_keyfile=settings.tls_key, http=wired(settings), ws="none",
    )  # fmt: skip


def demand_way_in(service: Service) -> None:
    """Refuse to start where a login is needed and nobody could log in.

    Raises
    ------
    UsageError
        When no token holds and no provider is set.
    """
    settings = service.settings
    if settings.open or settings.oidc_issuer or service.passes.any("token"):
        return
    how = f"jiedui token create NAME --role admin --data {settings.data}"
    raise UsageError(
        f"需要登录，但还没有令牌，也没有登录服务：请先运行 {how}，或设置 oidc_issuer",
        f"a login is needed, and there is no token and no provider: run {how} first, or set oidc_issuer",
    )


def logged(settings: Settings) -> AbstractContextManager[object]:
    """The log on standard error, as the settings say: a JSON line per event, or text on a terminal."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    return logging_to(sys.stderr, as_json=as_json, level=settings.log_level)


def make_room(connections: int) -> None:
    """Let the process have so many connections open, and some files, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + FILES
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold the data folder: one service at a time.

    Raises
    ------
    OutsideError
        When another service holds it.
    """
    opened = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(opened, 20).decode(errors="replace").strip() or "?"
            raise OutsideError(
                f"另一个服务（进程 {holder}）正在使用 {data}；请先停止它，或用 --data 换一个文件夹",
                f"another service (process {holder}) is using {data}; stop it first, or name another folder with --data",
            ) from None
        os.ftruncate(opened, 0)
        os.pwrite(opened, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(opened)
