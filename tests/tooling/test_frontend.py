"""What the front end's own tools say: rules, types, unit tests, and the size of what a page loads."""

import pytest

from scripts import frontend
from scripts.paths import FRONTEND


@pytest.mark.parametrize("script", ["lint", "typecheck", "test", "size"])
def test_the_front_end_passes_its_own(script):
    if not (FRONTEND / "node_modules").exists():
        frontend.packages()
    done = frontend.run(script, quiet=True)
    assert done.returncode == 0, done.stdout
