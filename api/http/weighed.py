"""What a request wants by weights: the headers ``Accept`` and ``Accept-Encoding`` (RFC 9110 § 12.4.2)."""

from __future__ import annotations


def weighed(header: str) -> list[tuple[str, float]]:
    """The words of a header in small letters, each with its weight from 0 to 1, in the header's order.

    A weight that cannot be read is 0: not wanted.
    """
    found = []
    for part in header.split(","):
        word, *parameters = (p.strip() for p in part.split(";"))
        if word:
            found.append((word.lower(), next((_weight(p) for p in parameters if p[:2].lower() == "q="), 1.0)))
    return found


def _weight(parameter: str) -> float:
    try:
        return min(max(float(parameter[2:]), 0.0), 1.0)
    except ValueError:
        return 0.0
