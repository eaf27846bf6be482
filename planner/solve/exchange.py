"""How arrays pass between parent and child: one ``.npy`` file each, read back by memory map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from planner.solve.task import Answer, Arrays, Task


def write_task(folder: Path, task: Task) -> None:
    """Write a task; ``folder`` must exist and be empty."""
    head = {"engine": task.engine, "options": dict(task.options), "label": task.label}
    _write(folder, "task", head, task.arrays)


def read_task(folder: Path) -> Task:
    """Read a task that ``write_task`` wrote."""
    head, arrays = _read(folder, "task")
    return Task(head["engine"], arrays, head["options"], head["label"])


def write_answer(folder: Path, answer: Answer) -> None:
    """Write an answer beside its task."""
    head = {"status": answer.status, "facts": dict(answer.facts), "seconds": answer.seconds}
    _write(folder, "answer", head, answer.arrays)


def read_answer(folder: Path) -> Answer:
    """Read an answer that ``write_answer`` wrote; arrays are loaded, so that the folder may go."""
    head, arrays = _read(folder, "answer", mapped=False)
    return Answer(head["status"], arrays, head["facts"], head["seconds"])


def _write(folder: Path, name: str, head: dict[str, Any], arrays: Arrays) -> None:
    for key, array in arrays.items():
        np.save(folder / f"{name}.{key}.npy", array, allow_pickle=False)
    text = json.dumps({**head, "arrays": list(arrays)})
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def _read(folder: Path, name: str, mapped: bool = True) -> tuple[dict[str, Any], Mapping[str, np.ndarray]]:
    head = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    mode: Any = "r" if mapped else None
    arrays = {
        k: np.load(folder / f"{name}.{k}.npy", mmap_mode=mode, allow_pickle=False) for k in head["arrays"]
    }
    return head, arrays
