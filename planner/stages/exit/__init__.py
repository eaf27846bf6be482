"""Exit: the year in which each county, and each of its villages, exits.

An integer programme over county × year. What each rule asks is in `gates` (which years are closed to a county),
`support` (what must stay), `pledges`, `pace`; `proxy` says how incidence is expected to fall; `model` puts it
together. The mathematics in these symbols: docs/stages/exit.md.
"""

from __future__ import annotations

from planner.stages.exit.stage import STAGE

__all__ = ["STAGE"]
