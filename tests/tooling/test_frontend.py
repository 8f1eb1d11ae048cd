"""What the front end's own tools say: rules, types, and the size of what a page loads."""

import re

import pytest

from scripts import frontend
from scripts.paths import FRONTEND


@pytest.mark.parametrize("script", ["lint", "typecheck", "size"])
def test_the_front_end_passes_its_own(script):
    if not (FRONTEND / "node_modules").exists():
        frontend.packages()
    done = frontend.run(script, quiet=True)
    assert done.returncode == 0, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
