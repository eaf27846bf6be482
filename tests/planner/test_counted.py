"""What is counted becomes findings: a clash a warning, what is not counted a notice."""

from __future__ import annotations

from pathlib import Path

from planner.counted import CODE, UNCOUNTED, counted_findings
from planner.scenario import read_scenario

POSTS = "village,post,minimum,target\nv,fs,1,1\nw,fs,1,1\nx,fs,1,1\n"
SCORES = "stage,supporter,recipient,cost\ncadres,c1,v/fs,1\ncadres,c1,w/fs,2\n"


def written(folder: Path, posts: str, scores: str) -> Path:
    (folder / "data").mkdir(parents=True)
    head = 'format = 1\ndate = "2017-01-01"\nstages = ["cadres"]\n[cadres]\nobjective = "scores"\n'
    (folder / "scenario.toml").write_text(head, encoding="utf-8")
    for name, text in (("cadres", "id\nc1\nc2\n"), ("village_posts", posts), ("pair_scores", scores)):
        (folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_clash_is_a_warning_and_what_is_not_counted_a_notice(tmp_path: Path) -> None:
    short = counted_findings(read_scenario(written(tmp_path / "short", POSTS, SCORES)))
    assert [(f.code, f.severity) for f in short] == [(CODE, "warning"), (UNCOUNTED, "notice")]
    assert "jiedui repair short" in short[0].mend.en and "2 seats" in short[0].what.en
    more = SCORES + "cadres,c2,w/fs,1\n"
    enough = counted_findings(read_scenario(written(tmp_path / "enough", POSTS, more)))
    assert [f.severity for f in enough] == ["notice"] and enough[0].what.en.endswith("x")
    free = counted_findings(read_scenario(written(tmp_path / "free", POSTS.replace(",1,1", ",0,1"), SCORES)))
    assert [f.code for f in free] == [UNCOUNTED] and "nothing to count ahead" in free[0].what.en


def test_scores_without_a_row_of_the_stage_are_told(tmp_path: Path) -> None:
    scores = SCORES.replace("cadres,c1", "pairing,c1")
    found = counted_findings(read_scenario(written(tmp_path / "none", POSTS, scores)))
    assert [(f.code, f.severity) for f in found] == [(UNCOUNTED, "warning")]
    assert "pair_scores (stage = cadres)" in found[0].what.en
