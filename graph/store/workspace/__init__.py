"""The embedded workspace: a folder of immutable Parquet snapshots and one SQLite file, for one office without a server.

See ``docs/workspace.md`` for what lies where.
"""

from __future__ import annotations

from graph.store.workspace.place import default_folder, open_workspace
from graph.store.workspace.workspace import Workspace

__all__ = ["Workspace", "default_folder", "open_workspace"]
