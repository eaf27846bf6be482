"""Write ``api/http/models/examples/network.json`` anew: ``python -m tests.api.http.models.make_examples``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from fastapi.testclient import TestClient

from api.http.app import create_app
from api.http.models.examples import FOLDER, Examples, examples_of
from api.service.service import open_service
from api.service.settings import read_settings
from tests.api.http.asked import CHINA, NETWORK

FILE = FOLDER / "network.json"


def found(http: TestClient) -> Examples:
    """Examples in the answers about ``china-2016``."""
    answers = ((q.model, http.get(NETWORK + q.path).raise_for_status().json()) for q in CHINA)
    made = examples_of(answers)
    del made["AboutNetwork"]  # its version is when files were read
    return dict(sorted(made.items()))


def main() -> None:
    """Ask, and write."""
    with tempfile.TemporaryDirectory() as folder:
        service = open_service(read_settings({"data": Path(folder) / "data"}, environ={}), "china-2016")
        with TestClient(create_app(service), base_url="http://localhost:8470") as http:
            text = json.dumps(found(http), ensure_ascii=False, indent=1, sort_keys=True)
    FOLDER.mkdir(exist_ok=True)
    FILE.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
