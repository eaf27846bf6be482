"""Where the service keeps things is told to those who run it; in the answers to all others a folder or server is told by what it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from api.service.service import Service
from graph.language import Text
from graph.store.keyring import default_file
from graph.store.opening import store_address

DATA, STORE, KEYS = "[data]", "[store]", "[name keys]"


@lru_cache(maxsize=8)
def places(data: Path, where: str, keys: Path) -> Mapping[str, str]:
    """What stands for a place in words → what is told instead, the longest first.

    Parameters
    ----------
    data : Path
        The data folder.
    where : str
        Address of the network, or a scenario.
    keys : Path
        The file of name keys.
    """
    address, found = store_address(where), {str(data.absolute()): DATA, str(keys.absolute()): KEYS}
    if address is not None and address.folder is not None:
        found[str(address.folder.expanduser().absolute())] = STORE
    elif address is not None and address.uri:
        found |= {address.uri: STORE, address.uri.partition("//")[2]: STORE}
    elif Path(where).is_absolute():
        found[where] = STORE
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def unplaced(service: Service | None, told: Any) -> Any:
    """The same without the service's places: in texts, and in whatever holds texts; as it is where there is no service."""
    if service is None:
        return told
    known = places(service.settings.data, service.networks.where, default_file())
    return _without(known, told)


def _without(known: Mapping[str, str], told: Any) -> Any:
    if isinstance(told, str):
        for place, word in known.items():
            told = told.replace(place, word)
        return told
    if isinstance(told, Text):
        return Text(_without(known, told.zh), _without(known, told.en))
    if isinstance(told, Mapping):
        return {key: _without(known, value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [_without(known, value) for value in told]
    return told
