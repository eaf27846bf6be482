"""The regions' maps as files, each made once for a version of the network and those who see as much of it."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import polars as pl

from api.answers.sight import Sight
from api.geometry.feature import collection
from api.geometry.join import Placed, join
from api.geometry.layer import Apart, Layer, layer_for, layers
from api.geometry.shapes import Shape, read_shapes
from api.geometry.source import Source, source_of
from api.geometry.topology import topology
from api.geometry.written import forget, write_whole
from api.service.service import Service
from graph.questions.ledger import check_level

FOLDER = "geometry"
LAYERS = "layers"
"""Folder in it: shapes, simplified."""
KEPT = 16
"""Maps of each kind that are kept, the newest."""
DRAWING = threading.Lock()
"""One at a time: others who want the same wait for it."""
SQUEEZED = ".gz"
"""Behind the name of what is kept compressed beside itself."""


def geojson(service: Service, sight: Sight, level: str | None, name: str) -> Path:
    """The file of the regions' GeoJSON; written whole or not at all.

    Parameters
    ----------
    service : Service
        Where shapes and files are.
    sight : Sight
        What the caller sees.
    level : str or None
        Only regions at this level.
    name : str
        Of the file: the same as long as its content is.

    Raises
    ------
    UsageError
        When there is no such level.
    InputError, OutsideError
        When the shapes cannot be read.
    """
    if level is not None:
        check_level(sight.scope.asked.questions.settings, level)

    def pieces() -> Iterator[str]:
        source = _source(service, sight)
        shapes = () if source is None else _every_shape(service, source)
        placed = join(level, _regions(sight), _successions(sight), shapes)
        near = None if sight.whole else sight.near
        return collection(sight.scope.asked.name, placed, shapes, near)

    return _drawn(service, f"{name}.geojson", pieces, squeezed=False)


def topojson(service: Service, sight: Sight, level: str, name: str) -> Path:
    """The file of a level's TopoJSON, beside it the same compressed (:data:`SQUEEZED`); as :func:`geojson`."""
    check_level(sight.scope.asked.questions.settings, level)
    return _drawn(service, f"{name}.topojson", lambda: _topology(service, sight, level), squeezed=True)


def ahead(service: Service) -> None:
    """Make the layers of shapes before anybody asks.

    Raises
    ------
    InputError, OutsideError
        When they cannot be read or written.
    """
    source = source_of(service.settings, service.networks.asked().questions.settings.codes)
    if source is not None:
        for _ in layers(source, _folder(service) / LAYERS, _apart(service)):
            pass


def _topology(service: Service, sight: Sight, level: str) -> Iterator[str | bytes]:
    source, regions = _source(service, sight), _regions(sight)
    kept = _folder(service) / LAYERS
    codes = regions.filter(pl.col("level") == level)["code"].to_list()
    layer = None if source is None else layer_for(codes, layers(source, kept, _apart(service)))
    seen = [
        one
        for one in join(level, regions, _successions(sight), () if layer is None else layer.shapes)
        if _sees(sight, one)
    ]
    others = regions.filter(pl.col("level") != level).filter(
        pl.col("code").is_in(list(layer.codes if layer else ()))
    )
    listed = {row["code"]: row for row in others.to_dicts()}
    hidden = set() if layer is None else {code for code in listed if _holds_others(sight, code, layer)}
    shown = {code: row for code, row in listed.items() if sight.whole or code in sight.near}
    asked = sight.scope.asked
    about = {"network": asked.name, "level": level, "source": None if source is None else source.name}
    return topology(about, layer, seen, shown, hidden)


def _source(service: Service, sight: Sight) -> Source | None:
    return source_of(service.settings, sight.scope.asked.questions.settings.codes)


def _sees(sight: Sight, one: Placed) -> bool:
    return sight.whole or one.region["code"] in sight.near


def _holds_others(sight: Sight, code: str, layer: Layer) -> bool:
    """Whether places below a region have shapes, too: its own would lie on them."""
    return not layer.codes.isdisjoint(sight.scope.asked.regions.descendants(code))


def _every_shape(service: Service, source: Source) -> tuple[Shape, ...] | Iterable[Shape]:
    """Those of a folder as fine as they come, the package's simplified."""
    if not source.packaged:
        return read_shapes(source.folder, source.ground)
    found: dict[str, Shape] = {}
    for layer in layers(source, _folder(service) / LAYERS, _apart(service)):
        for shape in layer.shapes:
            found.setdefault(shape.code or shape.geometry, shape)
    return tuple(found.values())


def _regions(sight: Sight) -> pl.DataFrame:
    return sight.scope.asked.frame("regions").filter(~pl.col("pseudo").fill_null(value=False))


def _successions(sight: Sight) -> Iterable[tuple[str, str]]:
    return sight.scope.asked.frame("region_successions").select("old", "new").iter_rows()


def _folder(service: Service) -> Path:
    return service.settings.data / FOLDER


def _apart(service: Service) -> Apart:
    return service.guard


def _drawn(
    service: Service, name: str, pieces: Callable[[], Iterator[str] | Iterator[str | bytes]], *, squeezed: bool
) -> Path:  # fmt: skip
    """The file of a name; made where it is not there."""
    file = _folder(service) / name
    if not file.is_file():
        with DRAWING:
            if not file.is_file():  # nobody has drawn it meanwhile
                if squeezed:
                    whole = b"".join(p.encode() if isinstance(p, str) else p for p in pieces())
                    write_whole(file.with_name(name + SQUEEZED), [gzip.compress(whole, 9, mtime=0)])
                    write_whole(file, [whole])
                else:
                    write_whole(file, pieces())
        _forget(file)
    return file


def _forget(file: Path) -> None:
    files = sorted(file.parent.glob(f"*{file.suffix}"), key=lambda file: file.stat().st_mtime_ns)
    for old in files[:-KEPT]:
        forget([old, old.with_name(old.name + SQUEEZED)])
