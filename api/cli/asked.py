"""Of whom a question is asked: files, a workspace or a server."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from api.cli.opening import network_named, read_files
from graph.errors import UsageError
from graph.store.opening import open_asked, store_address

if TYPE_CHECKING:
    from graph.questions.protocol import Questions


@contextmanager
def open_questions(
    on: str | None, tables: Collection[str], known_on: date | None = None
) -> Iterator[Questions]:
    """The questions of the network that ``--on`` names, else the environment, else the shipped example.

    Parameters
    ----------
    on : str or None
        A scenario (its folder, its workbook, or the name of a shipped one), or the address of a store.
    tables : collection of str
        Of files only these are read, as a question must be answered within a second.
    known_on : date, optional
        What was known at the end of that day; a store knows, files do not.

    Raises
    ------
    UsageError
        When there is no such scenario or network, or files are asked what was known.
    InputError
        When files cannot be read.
    OutsideError
        When a server or workspace cannot be reached or read.
    """
    where = network_named(on)
    address = store_address(where)
    if address is None:
        from graph.questions.of_network import OfNetwork

        if known_on is not None:
            raise UsageError(
                f"{where} 是文件，没有历史；--known-on 只能用于 Neo4j 或工作区",
                f"{where} is files, which have no past; --known-on is for Neo4j and workspaces",
            )
        yield OfNetwork(read_files(where, tables))
        return
    with open_asked(address, tables, known_on) as questions:
        yield questions
