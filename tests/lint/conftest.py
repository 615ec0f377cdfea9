"""What the tests of the lint tools share."""

from __future__ import annotations

import sys
from pathlib import Path

TOOLS = Path(__file__).absolute().parents[2] / "tools" / "dev" / "lint"
if str(TOOLS) not in sys.path:  # Bazel knows it by `imports`
    sys.path.insert(0, str(TOOLS))
