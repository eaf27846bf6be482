"""The peer of :mod:`benchmarks.http_answers`: one FastAPI route that returns bytes it holds, and nothing else."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response


def app_of(file: Path) -> FastAPI:
    """Answers by path and query."""
    told = json.loads(file.read_text(encoding="utf-8"))
    answers = {path: text.encode() for path, text in told.items()}
    app = FastAPI()

    @app.get("/{path:path}")
    async def answer(request: Request) -> Response:
        query = request.scope["query_string"].decode()
        raw = request.scope["raw_path"].decode()
        return Response(answers[f"{raw}?{query}" if query else raw], media_type="application/json")

    return app


def main() -> None:
    """Listen on any port, and say which."""
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(app_of(Path(sys.argv[1])), log_config=None, access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
