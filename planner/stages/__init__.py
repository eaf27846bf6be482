"""The stages, each in a file or folder of its own; :data:`STAGES` lists them in the order in which they run.

A stage is imported when it is first asked for: a question to the network needs none of them.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping

from planner.policy import Setting
from planner.stage import Stage

NAMES = ("pairing", "designation", "cadres", "funds", "exit", "inspection")


class _Stages(Mapping[str, Stage]):
    """Stage by name."""

    def __getitem__(self, name: str) -> Stage:
        if name not in NAMES:
            raise KeyError(name)
        stage: Stage = importlib.import_module(f"planner.stages.{name}").STAGE
        return stage

    def __contains__(self, name: object) -> bool:
        return name in NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


class _Settings(Mapping[str, tuple[Setting, ...]]):
    """A stage's policy values by the stage's name."""

    def __getitem__(self, name: str) -> tuple[Setting, ...]:
        return STAGES[name].settings

    def __contains__(self, name: object) -> bool:
        return name in NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


STAGES: Mapping[str, Stage] = _Stages()
SETTINGS: Mapping[str, tuple[Setting, ...]] = _Settings()
