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


def model_of(answer: type, name: str = "", /, **told: Any) -> type[BaseModel]:
    """The model of a dataclass's ``to_dict``.

    Parameters
    ----------
    answer : type
        The dataclass, documented as numpydoc has it.
    name : str
        Of the model; the class's own by default.
    **told
        Fields whose type in ``to_dict`` is another; ``None`` leaves the field out.

    Raises
    ------
    TypeError
        When a field is of a type that JSON has not, and none is given.
    """
    hints, words = typing.get_type_hints(answer), described(answer)
    fields: Any = {}
    for field in dataclasses.fields(answer):
        kind = told.get(field.name, hints[field.name])
        if field.name in told and kind is None:
            continue
        fields[field.name] = (as_json(kind), Field(description=words.get(field.name, "")))
    for extra in told.keys() - {f.name for f in dataclasses.fields(answer)}:
        fields[extra] = (as_json(told[extra]), Field(description=words.get(extra, "")))
    doc = (answer.__doc__ or "").strip().splitlines()[0]
    return create_model(name or answer.__name__, __doc__=doc, __config__=ConfigDict(extra="forbid"), **fields)


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
