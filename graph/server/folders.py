"""Where a private server keeps what: one folder, closed to other users."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = "JIEDUI_SERVER_HOME"


def default_home() -> Path:
    """The server's folder: ``JIEDUI_SERVER_HOME`` of the environment, else within the user's data folder."""
    from platformdirs import user_data_path

    named = os.environ.get(ENVIRONMENT)
    return Path(named).expanduser().absolute() if named else user_data_path("jiedui") / "server"


@dataclass(frozen=True)
class Folders:
    """Paths within a server's folder."""

    home: Path

    @property
    def data(self) -> Path:
        """Databases and their transaction logs."""
        return self.home / "data"

    @property
    def configuration(self) -> Path:
        """``neo4j.conf``, written anew at each start, and ``own.conf``, whose lines stand last in it."""
        return self.home / "conf"

    @property
    def logs(self) -> Path:
        """What Neo4j logs; ``server.log`` holds what Java itself says."""
        return self.home / "logs"

    @property
    def run(self) -> Path:
        """Command files and temporary files of the process."""
        return self.home / "run"

    @property
    def record(self) -> Path:
        """What is known of the process."""
        return self.home / "server.json"

    @property
    def password(self) -> Path:
        """The password, alone in a file that its owner alone may read."""
        return self.home / "password"

    @property
    def lock(self) -> Path:
        """Held by whoever starts, stops, saves or restores the server."""
        return self.home / ".lock"

    @property
    def log(self) -> Path:
        """What the process writes to its output."""
        return self.logs / "server.log"

    @property
    def neo4j_log(self) -> Path:
        """What Neo4j tells its users."""
        return self.logs / "neo4j.log"

    def make(self) -> None:
        """Make the folders that are missing.

        Raises
        ------
        OSError
            When one cannot be made.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        for folder in (self.data, self.configuration, self.logs, self.run):
            folder.mkdir(exist_ok=True)

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        names = ("home", "data", "configuration", "logs")
        return {name: str(getattr(self, name)) for name in names}
