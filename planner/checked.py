"""A scenario looked over without solving anything: it is read whole, and its values are held against its tables."""

from __future__ import annotations

from pathlib import Path

from graph.findings import Finding
from planner.odd_values import odd_values
from planner.scenario import Scenario, read_scenario


def looked_over(
    where: str | Path, *, skip_bad_rows: bool = False, domain: bool = True
) -> tuple[Scenario, list[Finding]]:
    """The scenario, with findings about its tables, and findings about its values.

    Parameters
    ----------
    where : str or Path
        As for :func:`planner.scenario.read_scenario`; the other parameters, too.

    Raises
    ------
    ScenarioError, TableErrors, UsageError, OutsideError
        As :func:`planner.scenario.read_scenario`.
    """
    found = read_scenario(where, skip_bad_rows=skip_bad_rows, domain=domain)
    return found, odd_values(found)
