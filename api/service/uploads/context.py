"""With which values of enumerations, levels and codes a file is read: a scenario's own, or those of the network that is served."""

from __future__ import annotations

from api.service.scenarios.chain import head_of
from api.service.scenarios.shelf import Shelf
from graph.network import LEVELS, RegionSettings
from graph.tables.cast import Values


def context_of(shelf: Shelf, name: str) -> tuple[Values, RegionSettings]:
    """Values that a scenario and its bases add to enumerations, and how it names its places.

    Raises
    ------
    NotFound
        When there is no such scenario.
    """
    enums: dict[str, tuple[str, ...]] = {}
    regions: dict[str, object] = {}
    for place in reversed(shelf.chain(name)):
        head = head_of(place)
        enums |= {key: tuple(values) for key, values in head.get("enums", {}).items()}
        regions |= head.get("regions", {})
    levels = regions.get("levels", LEVELS)
    assert isinstance(levels, list | tuple)
    return enums, RegionSettings(str(regions.get("codes", "")), tuple(levels))
