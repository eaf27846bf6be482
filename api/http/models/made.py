"""Models of answers, made from the classes that hold them: fields, types, and what each field says in its class's docstring.

The questions of :mod:`graph.questions` answer with dataclasses whose docstrings list every field with its unit; this is where the
document of the API takes them from, so that nothing is described twice. What ``to_dict`` tells otherwise than the class holds it is
given by name.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import docstring_parser
from pydantic import BaseModel, ConfigDict, Field, create_model

from api.http.models.examples import example_of
from api.http.models.message import Message
from graph.language import Text


def model_of(answer: type, name: str = "", /, *, maybe: Collection[str] = (), **told: Any) -> type[BaseModel]:
    """The model of a dataclass's ``to_dict``.

    Parameters
    ----------
    answer : type
        The dataclass, documented as numpydoc has it.
    name : str
        Of the model; the class's own by default.
    maybe : collection of str
        Fields that are not always there.
    **told
        Fields whose type in ``to_dict`` is another, or their type with what is said of them; ``None`` leaves the field out.

    Raises
    ------
    TypeError
        When a field is of a type that JSON has not, and none is given.
    """
    hints, words = typing.get_type_hints(answer), described(answer)
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(answer):
        kind = told.get(field.name, hints[field.name])
        if field.name in told and kind is None:
            continue
        fields[field.name] = kind
    fields |= {extra: kind for extra, kind in told.items() if kind is not None}
    named = name or answer.__name__
    made: Any = {}
    for key, kind in fields.items():
        shown, said = kind if isinstance(kind, tuple) else (kind, words.get(key) or _of_property(answer, key))
        rest: Any = {"default": None} if key in maybe else {}
        made[key] = (as_json(shown), Field(description=said, examples=example_of(named, key), **rest))
    doc = (answer.__doc__ or "").strip().splitlines()[0]
    return create_model(named, __doc__=doc, __config__=ConfigDict(extra="forbid"), **made)


def _of_property(answer: type, name: str) -> str:
    found = getattr(answer, name, None)
    return (found.__doc__ or "").splitlines()[0] if isinstance(found, property) else ""


def holding(name: str, says: str, /, **fields: tuple[Any, str]) -> type[BaseModel]:
    """The model of an object whose fields are given by type and what is said of them; examples are those that are known."""
    made: Any = {
        key: (kind, Field(description=said, examples=example_of(name, key)))
        for key, (kind, said) in fields.items()
    }
    return create_model(name, __doc__=says, __config__=ConfigDict(extra="forbid"), **made)


def list_of(model: type[BaseModel]) -> Any:
    """The type of a list of a model that was made."""
    return list[model]  # type: ignore[valid-type] # made while running


@cache
def _plain(answer: type) -> type[BaseModel]:
    return model_of(answer)


def described(answer: type) -> dict[str, str]:
    """Field → what the class's docstring says of it; several fields may share a line, as ``id, kind : str``."""
    found: dict[str, str] = {}
    for entry in docstring_parser.parse(
        answer.__doc__ or "", docstring_parser.DocstringStyle.NUMPYDOC
    ).params:
        for name in entry.arg_name.split(","):
            found[name.strip()] = " ".join((entry.description or "").split())
    return found


def as_json(kind: Any) -> Any:
    """The type as JSON has it: sequences are lists, dataclasses their models.

    Raises
    ------
    TypeError
        When JSON has no such thing.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Text:
        return Message
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _plain(kind)
    if origin in (Union, UnionType):
        return Union[tuple(as_json(a) for a in arguments)]  # noqa: UP007 # made of a tuple
    if origin is typing.Literal or kind in (str, int, float, bool, NoneType, Any):
        return kind
    if origin is tuple and arguments[-1] is not Ellipsis:
        return tuple[tuple(as_json(a) for a in arguments)]  # type: ignore[misc] # as many as there are
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict[str, as_json(arguments[1])]  # type: ignore[misc] # of any type
    if isinstance(origin, type) and issubclass(origin, Sequence | Collection):
        return list[as_json(arguments[0])]  # type: ignore[misc] # of any type
    if isinstance(kind, type) and (issubclass(kind, BaseModel) or kind.__module__ == "datetime"):
        return kind
    raise TypeError(f"{kind}: no such type in JSON; give what to_dict tells instead")
