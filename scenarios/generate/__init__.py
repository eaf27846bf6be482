"""Seeded generator of what no source gives, calibrated to the published totals and marked ``synthetic``."""

from __future__ import annotations

from scenarios.generate.national import generate_national

__all__ = ["generate_national"]
