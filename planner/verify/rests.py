"""What the check of a stage rests on: rules whose verdict follows from what an earlier stage decided.

A plan has every decision. A table that people made by hand may lack them: then these rules are measured against what is in
force, and cannot be judged for certain.
"""

from __future__ import annotations

from collections.abc import Mapping

RESTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "cadres": {"designation": ("posting_area", "own_county_weight")},
    "funds": {
        "pairing": ("owner_region", "needs", "county_floor", "per_head", "stability", "province_shares", "reward",
                    "deep_poverty_share", "outside_share"),
        "designation": ("designated_money", "needs", "county_floor", "per_head", "stability", "deep_poverty_share",
                        "outside_share"),
    },
    "exit": {
        "pairing": ("keep_after_exit",),
        "designation": ("keep_after_exit",),
        "cadres": ("keep_after_exit",),
        "funds": ("line", "line_west", "pledge_persons", "village_line", "keep_after_exit", "risk_weight", "late_weight",
                  "village_late_weight", "village_early_weight"),
    },
    "inspection": {"pairing": ("no_paired",), "designation": ("no_designated",)},
}  # fmt: skip
"""Stage → earlier stage → rules; money that pairs bring is told under ``owner_region``."""

COSTS: Mapping[str, tuple[str, ...]] = {
    "cost": ("own_county_weight",),
    "incidence": ("line", "line_west"),
    "terms": ("risk_weight", "late_weight", "village_late_weight", "village_early_weight"),
}
"""What is checked of a row besides the rules → the rules through which it rests on an earlier stage."""
