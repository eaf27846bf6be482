"""Examples by name: what a field, parameter or option of that name may look like, where its declaration gives none.

Names mean the same everywhere (docs/glossary.md), so that one example does for all. A test walks the document and names what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXAMPLES: Mapping[str, Any] = {
    "a": "440400",
    "after": "2016-12-31",
    "at": "2016-06-30",
    "b": "533300",
    "before": "2015-12-31",
    "code": "533300",
    "cursor": "9f2c4e1ab07d3358",
    "freezes": ["530000"],
    "instead": 1_000_000,
    "kind": "east_west",
    "level": "county",
    "limit": 20,
    "limits": ["pairing=5"],
    "lat": 25.85,
    "lon": 98.86,
    "month": 6,
    "name": "怒江傈僳族自治州",
    "next": None,
    "plan": "3b1d6f0c2a9e4d57",
    "plans": ["3b1d6f0c2a9e4d57", "c40a91be77d2f118"],
    "prices": ["pairing=100"],
    "published": "3b1d6f0c2a9e4d57",
    "recipient": "533300",
    "region": "533300",
    "relation": "ew:440400:533300",
    "reason": "能力核实",
    "scenario": "china-2016",
    "settings": ["funds.deep_poverty_share=0.5"],
    "since": "2016-07-20",
    "source": "east_west_440100",
    "stage": "designation",
    "stages": ["designation"],
    "status": "active",
    "subject": "533325",
    "supporter": "440400",
    "table": "relations",
    "time_limit": 30.0,
    "title": "示例",
    "unit": "u001",
    "until": None,
    "village": "533325100201",
    "year": 2016,
}
"""Name → example."""
