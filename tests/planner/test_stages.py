"""What every stage must keep to: declared columns only, both languages, every rule told by its check."""

from __future__ import annotations

import pytest

from graph.schema import TABLES
from planner.stages import NAMES, STAGES
from planner.verify.checks import CHECKS


@pytest.mark.parametrize("name", NAMES)
def test_reads_only_declared_columns(name: str) -> None:
    for table, columns in STAGES[name].reads.items():
        assert set(columns) <= set(TABLES[table].by_name), table
    assert {t for ts in STAGES[name].needs for t in ts.split("|")} <= set(STAGES[name].reads)


@pytest.mark.parametrize("name", NAMES)
def test_rules_read_what_the_stage_reads(name: str) -> None:
    stage = STAGES[name]
    for setting in stage.settings:
        for read in setting.reads:
            table, column = read.split(".")
            assert column in stage.reads[table], f"{setting.key} reads {read}"


@pytest.mark.parametrize("name", NAMES)
def test_settings_are_told_in_both_languages(name: str) -> None:
    keys = [s.key for s in STAGES[name].settings]
    assert len(keys) == len(set(keys))
    for setting in STAGES[name].settings:
        assert setting.zh and setting.en
        assert bool(setting.note_zh) == bool(setting.note_en), setting.key


@pytest.mark.parametrize("name", NAMES)
def test_defaults_are_values_of_their_form(name: str) -> None:
    for setting in STAGES[name].settings:
        assert setting.problem(setting.default) is None, setting.key
        if setting.rule:
            assert setting.problem("off") is None
            assert setting.problem(setting.with_scores) is None, setting.key


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_has_its_check(name: str) -> None:
    assert name in CHECKS
