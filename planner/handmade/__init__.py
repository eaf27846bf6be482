"""A plan that people made by hand, in CSV or Excel: read it, price it, check it, measure it against a bound.

- ``reading``: file → result tables, every bad row named
- ``pricing``: cost, load and terms that the file leaves out
- ``bounds``: what the cost is held against
- ``checking``: all of it together
"""

from __future__ import annotations

from planner.handmade.checking import HandmadeCheck, StageReport, check_handmade

__all__ = ["HandmadeCheck", "StageReport", "check_handmade"]
