"""Makes plain `python3 -m pytest tests/tools` find the tools, and behave as under Bazel. Bazel does not use it."""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "tools"))

from pytest_main import set_hypothesis_profiles

set_hypothesis_profiles()
