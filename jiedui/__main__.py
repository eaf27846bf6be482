"""``jiedui`` and ``python -m jiedui``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line with the words given; its exit status."""
    import jiedui  # noqa: F401 - checks that no stray file shadows a room
    from api.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
