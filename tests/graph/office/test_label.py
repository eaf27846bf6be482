"""Labels and notes on plans, on each store."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph.errors import UsageError
from graph.office.label import Label, file_label, labels_of
from graph.office.office import Office


def test_written_changed_and_taken_off(office: Office, colleague: Callable[[], Office]) -> None:
    store, name = office.store, office.network
    assert labels_of(store, name) == {}
    file_label(store, name, "p1", by="李", label=" 送审稿 ")
    file_label(store, name, "p2", by="李", note="多派两人")
    seen = colleague().store
    file_label(seen, name, "p1", by="王", note="省里已看")
    assert labels_of(store, name) == {
        "p1": Label("p1", "送审稿", "省里已看", "王"),
        "p2": Label("p2", "", "多派两人", "李"),
    }
    file_label(store, name, "p2", by="李", note="")
    assert list(labels_of(seen, name)) == ["p1"]
    assert [p.content["label"] for p in store.paper_log(name, "plan_label", "p1")] == ["送审稿", "送审稿"]


@pytest.mark.parametrize(
    "given",
    [
        {"label": "a\nb"},
        {"label": "a\u202eb"},
        {"note": "a\u202eb"},
        {"note": "a\x07"},
        {"label": "good", "note": "\x00"},
    ],
)
def test_what_nobody_sees_is_not_written(given: dict[str, str], office: Office) -> None:
    with pytest.raises(UsageError, match="leave it out"):
        file_label(office.store, office.network, "p1", by="李", **given)
    assert labels_of(office.store, office.network) == {}


def test_a_note_may_have_lines_and_texts_their_own_direction(office: Office) -> None:
    file_label(office.store, office.network, "p1", by="李", label="نسخة", note="一\n二\t三")
    assert labels_of(office.store, office.network)["p1"] == Label("p1", "نسخة", "一\n二\t三", "李")
