"""No caller is told a path on the server: files, plans and the network have the names that the API has for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.jobs.job import Work
from api.jobs.means import Means
from api.jobs.untold import names_of, rewrite, untell

MEANS = Means("/data")
EXPORT = ["export", "--to", "@files/network.csv", "--on", "workspace:/data/work#kelmar", "--json"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('{"folder": "jobs/4/files/sweep/teachers-1"}', '{"folder": "sweep/teachers-1"}'),
        ('{"file": "/data/jobs/4/files/n.csv"}', '{"file": "n.csv"}'),
        ('{"folder": "plans/8b7f"}', '{"folder": "8b7f"}'),
        ("workspace:/data/work#kelmar: no", "served: no"),
        ("workspace:/data/work holds；/data/work", "served holds；served"),
        ("cannot write /data/plans/p1", "cannot write plans/p1"),
        ("scenarios/over/data/needs.csv", "scenarios/over/data/needs.csv"),
        ("jobs/44/files/x; ajobs/4/files/x", "jobs/44/files/x; ajobs/4/files/x"),
    ],
)
def test_a_path_becomes_a_name(tmp_path: Path, said: str, told: str) -> None:
    file = tmp_path / "result.json"
    file.write_text(said, encoding="utf-8")
    rewrite(file, names_of(EXPORT, MEANS, 4))
    assert file.read_text(encoding="utf-8") == told
    assert [f.name for f in tmp_path.iterdir()] == ["result.json"]


def test_all_that_a_killed_command_said_is_renamed(tmp_path: Path) -> None:
    """What it answered, and what it said beside, as far as it came."""
    means = Means(str(tmp_path))
    place = means.place(4)
    place.mkdir(parents=True)
    (place / "log.txt").write_text(f"cannot write {tmp_path}/plans/p1\n", encoding="utf-8")
    untell(Work(4, "verify", ["verify", "--json", "--", "p1"], 1), means)
    assert (place / "log.txt").read_text(encoding="utf-8") == "cannot write plans/p1\n"
    assert [f.name for f in place.iterdir()] == ["log.txt"]


def test_words_of_a_caller_name_no_network() -> None:
    """What stands behind ``--`` is a name, whatever it looks like; the server at hand has no address to hide."""
    assert list(names_of(["verify", "--json", "--", "--on", "a/b"], MEANS, 4)) == ["/data/", "jobs/4/files/"]
    assert list(names_of(["export", "--on", "neo4j:#net"], MEANS, 4)) == ["/data/", "jobs/4/files/"]
    assert "/srv/tables" in names_of(["export", "--on", "/srv/tables"], MEANS, 4)
