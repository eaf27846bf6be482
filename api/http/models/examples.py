"""Examples of fields, taken from real answers: ``examples/*.json`` hold model → field → a value that ``china-2016`` gives.

Nobody writes them: :func:`examples_of` finds them in answers, the fullest of what occurs, and a test holds that the files are what
it finds (``python -m tests.api.http.models.make_examples`` writes them anew).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel

FOLDER = Path(__file__).parent / "examples"
LONG = 3
"""Members of a list in an example."""
Examples = dict[str, dict[str, Any]]


@cache
def _all() -> Examples:
    found: Examples = {}
    for file in sorted(FOLDER.glob("*.json")):
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found


def example_of(model: str, field: str) -> list[Any] | None:
    """The example of a field, as pydantic takes it; ``None`` where there is none."""
    known = _all().get(model, {})
    return [known[field]] if field in known else None


def examples_of(answers: Iterable[tuple[type[BaseModel], Any]]) -> Examples:
    """Model → field → example, of some models and answers as JSON; those first that say most."""
    found: Examples = {}
    for model, answer in answers:
        for inner, values in _walk(model, answer):
            known = found.setdefault(inner.__name__, {})
            for name, value in values.items():
                if name not in known or (_empty(known[name]) and not _empty(value)):
                    known[name] = value
    return found


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _walk(
    model: type[BaseModel], value: Mapping[str, Any]
) -> Iterator[tuple[type[BaseModel], dict[str, Any]]]:
    """Every model in a value with the values of its fields that hold no further model."""
    plain: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        inner = _inside(field.annotation)
        if name in value and inner is None:
            plain[name] = value[name][:LONG] if isinstance(value[name], list) else value[name]
        elif name in value and inner is not None:
            for each in _each(value[name]):
                yield from _walk(inner, each)
    yield model, plain


def _inside(kind: Any) -> type[BaseModel] | None:
    """The model that a type holds, directly or in lists and the like."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    held = (_inside(a) for a in get_args(kind)) if get_origin(kind) is not None else ()
    return next((found for found in held if found is not None), None)


def _each(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in a value: itself, or those in lists of it, or in an object whose keys are no fields."""
    if isinstance(value, list):
        for member in value:
            yield from _each(member)
    elif isinstance(value, dict):
        members = list(value.values())
        if members and all(isinstance(m, list) for m in members):
            yield from _each(members)
        else:
            yield value
