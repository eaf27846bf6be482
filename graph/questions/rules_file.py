"""Rules of coverage in a file of their own: ``[[rule]]`` blocks of TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path

from graph.errors import InputError, reason_of
from graph.questions.rules import Rule, read_rules

OWN_RULES = "rules.toml"
"""The file beside a ``scenario.toml`` that holds a network's own."""


def read_rules_of(file: str) -> tuple[Rule, ...]:
    """Rules of a file.

    Raises
    ------
    InputError
        When it cannot be read, or a rule in it is wrong.
    """
    path = Path(file)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        why = reason_of(problem)
        raise InputError(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputError(f"{file} 不是有效的 TOML：{problem}", f"{file} is not TOML: {problem}") from problem
    blocks = data.get("rule", [])
    if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks) or not blocks:
        raise InputError(f"{file}：没有 [[rule]]", f"{file}: no [[rule]] in it")
    return read_rules(blocks, file)
