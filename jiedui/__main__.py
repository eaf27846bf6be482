"""``jiedui`` and ``python -m jiedui``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line with the words given; its exit status."""
    try:
        from api.cli.main import run
    except KeyboardInterrupt:  # Ctrl-C while Python is still loading: nothing has begun
        return 130
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
