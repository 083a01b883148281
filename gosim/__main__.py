"""``python -m gosim``."""

import sys

from gosim.cli import main

sys.exit(main())
