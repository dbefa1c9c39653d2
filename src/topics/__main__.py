"""`python -m topics` is the command `topics`, for where no script is on the path."""

from __future__ import annotations

import sys

from topics.cli import main

if __name__ == "__main__":
    sys.exit(main())
