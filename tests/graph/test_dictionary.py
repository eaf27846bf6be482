"""The data dictionary in docs is what the schema says now."""

from __future__ import annotations

from graph.dictionary import PAGE, dictionary
from graph.schema import ENUMS, RESULTS, TABLES


def test_the_committed_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == dictionary(), "run: python -m graph.dictionary"


def test_every_table_and_enumeration_is_there():
    page = dictionary()
    for name in (*TABLES, *RESULTS):
        assert f"### `{name}`" in page
    for name in set(ENUMS) - {"measure"}:
        assert f"### `{name}`" in page
