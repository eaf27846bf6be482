"""The stage `pairing`: which region supports which, then county pairs nested inside those pairs.

``settings`` (policy and tables read) → ``members`` (who takes part, loads, strengths) → ``costs`` → ``regions``
(first model) → ``counties`` (second model) → ``stage`` (the order of it all). Mathematics: docs/stages/pairing.md.
"""

from __future__ import annotations

from planner.stages.pairing.stage import STAGE

__all__ = ["STAGE"]
