"""Whether the network is there, when the service starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.service.networks import Networks
from api.service.starting import demand_network
from graph.errors import OutsideError, UsageError
from graph.store.version import NoSuchNetwork
from tests.api.cli.conftest import Typed, typed

__all__ = ["typed"]


def looked(where: str) -> object:
    """What is found at an address."""
    networks = Networks(where)
    try:
        return demand_network(networks)
    finally:
        networks.close()


def test_a_scenario_that_is_nowhere_is_refused_with_what_is_meant(tmp_path: Path) -> None:
    assert looked("teachers") is None
    with pytest.raises(UsageError, match="did you mean teachers"):
        looked("teacher")
    with pytest.raises(UsageError, match="no scenario"):
        looked(str(tmp_path / "nowhere"))


def test_a_network_that_its_store_has_not_is_refused(tmp_path: Path, typed: Typed) -> None:
    place = f"workspace:{tmp_path}"
    assert typed("graph", "load", "teachers", "--on", f"{place}#school")[0] == 0
    assert looked(f"{place}#school") is None and looked(place) is None
    with pytest.raises(NoSuchNetwork, match=r"there are: school; did you mean school\?"):
        looked(f"{place}#scool")
    code, _, err = typed("serve", "--data", tmp_path / "data", "--port", "0", "--on", f"{place}#scool")
    assert code == 2 and "did you mean school?" in err
    with pytest.raises(UsageError, match="no workspace"):
        looked(f"workspace:{tmp_path}/nowhere#school")


def test_a_store_that_is_away_is_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def away(self: Networks) -> object:
        raise OutsideError("连不上", "cannot be reached")

    monkeypatch.setattr(Networks, "store", away)
    warning = looked(f"workspace:{tmp_path}#x")
    assert isinstance(warning, tuple) and "the service starts" in warning[1]
