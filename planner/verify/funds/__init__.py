"""Check `funds` against the resolved scenario: every rule, the objective, and the bound that the prices prove.

Nothing here sees how the stage built its network: every number is worked out again from the tables.
"""

from __future__ import annotations

from planner.verify.funds.check import check

__all__ = ["check"]
