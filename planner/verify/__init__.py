"""Re-check a plan without the solver: every hard rule row by row, the objective, the certificates, the seals.

Nothing here sees how a plan was made; :mod:`planner.verify` may look only at the plan's folder.
"""

from __future__ import annotations

from planner.verify.plan import Verification, verify, verify_stages

__all__ = ["Verification", "verify", "verify_stages"]
