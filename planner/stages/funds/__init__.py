"""Money: which source pays how much for which programme in which county and year.

Budgets, earmarks, floors and ceilings, shares of the budget, diminishing returns in steps and carry-over form a network:
a minimum-cost flow, exact in yuan, with prices that prove it. Rules that do not fit send the same model to a linear
programme and then to whole yuan. The mathematics in these symbols: docs/stages/funds.md.
"""

from __future__ import annotations

from planner.stages.funds.stage import STAGE, Funds

__all__ = ["STAGE", "Funds"]
