"""``jiedui serve``: the service, over HTTP."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import cloup

from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command(
    "serve",
    help=str(
        Text(
            "把一切开成 HTTP 服务：网页在 /，接口在 /api/v1",
            "open all of it as an HTTP service: pages at /, the interface at /api/v1",
        )
    ),
)
@cloup.option("--host", metavar="ADDRESS",
              help=str(Text("监听的地址（缺省 127.0.0.1；本机以外须有令牌和 TLS）", "address to listen on (default 127.0.0.1; elsewhere tokens and TLS are needed)")))  # fmt: skip
@cloup.option("--port", type=click.IntRange(0, 65535), metavar="PORT",
              help=str(Text("端口（缺省 8470；0：任一空闲的）", "port (default 8470; 0: any free one)")))  # fmt: skip
@cloup.option("--data", metavar="DIR",
              help=str(Text("方案、场景、上传、任务与令牌的文件夹", "folder of plans, scenarios, uploads, jobs and tokens")))  # fmt: skip
@cloup.option("--on", "network", metavar="STORE#NETWORK",
              help=str(Text("查询哪个网络：存储的地址或场景", "network that is asked: a store's address, or a scenario")))  # fmt: skip
@cloup.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help=str(Text("同时进行的任务数（缺省 1）", "jobs at once (default 1)")),
)
@cloup.option("--tls-cert", metavar="FILE", help=str(Text("证书（PEM）", "certificate (PEM)")))
@cloup.option("--tls-key", metavar="FILE", help=str(Text("证书的私钥（PEM）", "the certificate's key (PEM)")))
@cloup.option("--behind-proxy", metavar="ADDRESSES",
              help=str(Text("可信代理的地址或网段，以逗号隔开", "addresses or networks of trusted proxies, commas between")))  # fmt: skip
@cloup.option(
    "--login/--no-login", default=None, help=str(Text("本机也须登录", "a login is needed on loopback, too"))
)
@cloup.option("--config", type=click.Path(path_type=Path), metavar="FILE",
              help=str(Text("设置文件（TOML）；命令行和环境变量 JIEDUI_SERVE_… 优先", "settings (TOML); the command line and JIEDUI_SERVE_… of the environment go first")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, config: Path | None, as_json: bool, **given: Any) -> None:
    """Serve until told to stop."""
    from api.cli.opening import network_named
    from api.service.safe import demand_safe
    from api.service.settings import read_settings

    settings = read_settings(given, file=config)
    demand_safe(settings)  # before the server's own parts are loaded, which takes seconds
    from api.http.serve import serve

    serve(
        settings,
        settings.network or network_named(None),
        lambda url, view: (
            print_json({"url": url, "view": view}) if as_json else tell(url, view, settings.public_url)
        ),
        warn,
    )


def tell(url: str, view: bool, public_url: str) -> None:
    """Say that it listens, and to whoever sits there what to open; that the web view is not there, to everybody."""
    print_line(Text(f"服务已开：{url}", f"serving at {url}"))
    if not view:
        print_line(
            Text(
                "没有网页，只有接口：请在源码中运行 make web",
                "no web view, the interface only: run make web in the checkout",
            )
        )
    elif sys.stdout.isatty():
        page = f"{public_url or url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')}/"
        print_line(Text(f"请在浏览器中打开 {page}", f"open {page} in a browser"))


def warn(text: Text) -> None:
    """Tell somebody who sits there; elsewhere standard error is the log, which has it already."""
    if sys.stderr.isatty():
        print(f"⚠ {text}", file=sys.stderr, flush=True)
