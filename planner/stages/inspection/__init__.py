"""The stage `inspection`: which team inspects which region, for which kind of inspection, and where in it.

``settings`` → ``sample`` (counties, villages and household quotas, drawn by the seed) → ``conflicts`` (who may not go
where) → ``model`` (teams to visits) → ``stage``. Mathematics: docs/stages/inspection.md.
"""

from __future__ import annotations

from planner.stages.inspection.stage import STAGE

__all__ = ["STAGE"]
