"""Papers: filed all or none, never over somebody else's, alone or together with a change of the network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import pytest

from graph.errors import InputError
from graph.store.clash import StaleError
from graph.store.papers import Filing, StalePaper
from graph.store.protocol import Store
from tests.graph.store.small_networks import TEXTS, begin, put

ODD = {
    "text": "'} DETACH DELETE n //",
    "whole": 2**62 + 1,
    "number": 0.1 + 0.2,
    "true": True,
    "none": None,
    "words": ["a", "二"],
    "mixed": [1, None, {"a": [2]}],
    "inside": {"x": {"y": ["z"]}},
    "empty": {},
    "id": "another",
    "kind": "another",
}
"""Content of every kind, some under names that a store uses itself."""


def contents(store: Store, kind: str = "note", network: str = "office") -> dict[str, object]:
    """Id → content of the newest papers of a kind."""
    return {p.id: dict(p.content) for p in store.papers(network, kind)}


def test_filed_again_and_again(store: Store) -> None:
    first = store.file("office", [Filing("note", "n1", {"a": 1}, 0)], by="李")
    assert [(p.kind, p.id, p.revision, p.by, p.content) for p in first] == [("note", "n1", 1, "李", {"a": 1})]
    assert first[0].at.tzinfo is not None
    second = store.file("office", [Filing("note", "n1", {"b": 2}, 1)], by="王")
    assert second[0].revision == 2
    assert [(p.revision, p.by, p.content) for p in store.papers("office", "note")] == [(2, "王", {"b": 2})]
    log = store.paper_log("office", "note", "n1")
    assert [(p.revision, p.by, dict(p.content)) for p in log] == [(1, "李", {"a": 1}), (2, "王", {"b": 2})]
    assert log[0].at <= log[1].at
    assert log[0].at.astimezone(UTC) == first[0].at


def test_content_of_every_kind(store: Store) -> None:
    store.file(
        "office", [Filing("note", "n", ODD, 0), Filing("note", TEXTS[5], {"t": list(TEXTS)}, 0)], by="t"
    )
    assert contents(store) == {"n": ODD, TEXTS[5]: {"t": list(TEXTS)}}
    assert [p.content for p in store.paper_log("office", "note", TEXTS[5])] == [{"t": list(TEXTS)}]


def test_by_kind_network_and_id(store: Store) -> None:
    """Networks need not be there yet; kinds and networks do not see one another's."""
    for id in ("b", "a", "c"):
        store.file("later", [Filing("note", id, {}, 0)], by="t")
    store.file("later", [Filing("letter", "a", {"other": 1}, 0)], by="t")
    store.file("office", [Filing("note", "a", {"office": 1}, 0)], by="t")
    assert [p.id for p in store.papers("later", "note")] == ["a", "b", "c"]
    assert contents(store, "letter", "later") == {"a": {"other": 1}}
    assert contents(store) == {"a": {"office": 1}}
    assert store.papers("nowhere", "note") == [] and store.paper_log("office", "note", "z") == []
    begin(store, "later")
    assert len(store.papers("later", "note")) == 3 and store.networks() == ["later"]


@pytest.mark.parametrize("after", [0, 2, 7])
def test_a_stale_paper_files_nothing(store: Store, after: int) -> None:
    store.file("office", [Filing("note", "n1", {"a": 1}, 0)], by="t")
    with pytest.raises(StalePaper) as told:
        store.file("office", [Filing("note", "n2", {}, 0), Filing("note", "n1", {"b": 2}, after)], by="t")
    assert (told.value.filing.id, told.value.revision) == ("n1", 1)
    assert all("n1" in text for text in told.value.text)
    assert told.value.text.zh.startswith("文件 n1") and told.value.text.en.startswith("paper n1")
    assert contents(store) == {"n1": {"a": 1}} and store.paper_log("office", "note", "n2") == []


def test_what_has_a_name_of_its_own_is_called_by_it(store: Store) -> None:
    for kind, zh, en in (("request", "申请", "request"), ("plan_label", "方案标签", "label of plan")):
        with pytest.raises(StalePaper) as told:
            store.file("office", [Filing(kind, "n1", {}, 3)], by="t")
        assert told.value.text.zh.startswith(f"{zh} n1 已被他人改动") and told.value.text.en.startswith(
            f"{en} n1 was"
        )


def test_a_new_paper_comes_after_nothing(store: Store) -> None:
    with pytest.raises(StalePaper):
        store.file("office", [Filing("note", "n1", {}, 1)], by="t")
    assert store.papers("office", "note") == []


def test_filed_with_a_change(store: Store) -> None:
    begin(store)
    change = put("units", {"id": "u1", "name": "new"})
    papers = [Filing("note", "n1", {"a": 1}, 0), Filing("note", "n2", {}, 0)]
    assert store.write("office", change, base=1, how="request", by="王", filings=papers).number == 2
    assert [(p.id, p.by) for p in store.papers("office", "note")] == [("n1", "王"), ("n2", "王")]


def test_filed_though_no_row_changes(store: Store) -> None:
    begin(store)
    same = put("units", {"id": "u2", "name": "某企业", "home_region": "zh"})
    version = store.write("office", same, base=1, how="request", by="t", filings=[Filing("note", "n", {}, 0)])
    assert version.number == 1 and contents(store) == {"n": {}}


def test_filed_with_a_new_network(store: Store) -> None:
    from graph.store.changes import Changes
    from tests.graph.store.small_networks import ABOUT, small

    store.write(
        "office",
        Changes(small()),
        base=0,
        how="load",
        by="t",
        about=ABOUT,
        filings=[Filing("note", "n", {}, 0)],
    )
    assert contents(store) == {"n": {}}


@pytest.mark.parametrize("same", [False, True])
def test_a_stale_paper_refuses_the_change(store: Store, same: bool) -> None:
    begin(store)
    store.file("office", [Filing("note", "n", {"mine": 1}, 0)], by="t")
    change = put("units", {"id": "u2", "name": "某企业" if same else "new", "home_region": "zh"})
    both = [Filing("note", "fresh", {}, 0), Filing("note", "n", {"yours": 1}, 0)]
    with pytest.raises(StalePaper):
        store.write("office", change, base=1, how="request", by="t", filings=both)
    assert store.head("office").number == 1 and contents(store) == {"n": {"mine": 1}}
    assert store.read("office").frame("units")["name"].to_list() == ["某大学", "某企业"]
    again = [Filing("note", "n", {"yours": 1}, 1)]  # nothing was left that stands in the way
    assert store.write("office", change, base=1, how="request", by="t", filings=again).number == 2 - same


def test_a_change_that_is_refused_files_nothing(store: Store) -> None:
    begin(store)
    papers = [Filing("note", "n", {}, 0)]
    bad = put("relations", {"id": "r9", "kind": "designated", "supporter": "u1", "recipient": "nowhere"})
    with pytest.raises(InputError):
        store.write("office", bad, base=1, how="request", by="t", filings=papers)
    store.write("office", put("units", {"id": "u1", "name": "two"}), base=1, how="request", by="t")
    with pytest.raises(StaleError):
        store.write(
            "office", put("units", {"id": "u1", "name": "x"}), base=1, how="request", by="t", filings=papers
        )
    assert store.papers("office", "note") == []


def test_of_many_at_once_one_files(store: Store, again: Callable[[], Store]) -> None:
    store.file("office", [Filing("note", "n", {}, 0)], by="t")
    stores, barrier = [again() for _ in range(6)], threading.Barrier(6)

    def work(n: int) -> bool:
        barrier.wait(60)
        try:
            stores[n].file(
                "office", [Filing("note", "n", {"n": n}, 1), Filing("note", f"own{n}", {}, 0)], by=str(n)
            )
        except StalePaper:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        won = [n for n, done in enumerate(pool.map(work, range(6))) if done]
    assert len(won) == 1
    assert contents(store) == {"n": {"n": won[0]}, f"own{won[0]}": {}}
    assert [p.revision for p in store.paper_log("office", "note", "n")] == [1, 2]
