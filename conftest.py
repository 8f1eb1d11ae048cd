"""For every test: a database of its own kind, folders of its own, and the ``--long`` switch.

Plain ``pytest`` works too: without DATABASE_URL it starts the throw-away cluster that ``./dev test`` uses, and ends it.
"""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from geogov import env
from scripts.cluster import throw_away

pytest_plugins = ["tests.browser"]

FOLDERS = ("MEDIA_ROOT", "SEALED_ROOT", "RASTERS_ROOT", "TILES_ROOT")

# Clocks say nothing of a busy machine; what a fixture holds is the same for every example.
_UNHURRIED = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]
hypothesis.settings.register_profile("geogov", deadline=None, suppress_health_check=_UNHURRIED)
hypothesis.settings.load_profile("geogov")

# What takes longest, or builds what its own tests alone read. Begun first, it neither stands alone at the end of a run
# nor is it divided among workers, each of which would build it.
FIRST = (
    "tests/tooling/test_checks.py",
    "tests/fixtures/test_load_demo.py",
    "tests/fixtures/",
    "tests/imagery/test_repeats.py",
    "tests/imagery/test_invariants.py",
    "tests/imagery/test_labelled_pairs.py",
    "tests/records/test_killed.py",
    "tests/e2e/console/test_field.py",
    "tests/e2e/console/test_review_groups.py",
    "tests/tooling/test_cluster.py",
)

_CLUSTER = pytest.StashKey[object]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--long``."""
    parser.addoption("--long", action="store_true", help="also run the tests marked long (soaks, volumes)")


def pytest_configure(config: pytest.Config) -> None:
    """Start the tests' own cluster unless an address is given. The workers of pytest-xdist inherit the address."""
    gc.disable()  # what is collected now stays; pytest_collection_finish enables it again
    if os.environ.get("DATABASE_URL") or config.option.collectonly:
        return
    cluster = throw_away()
    cluster.start()
    config.stash[_CLUSTER] = cluster
    os.environ["DATABASE_URL"] = cluster.url
    # The settings are loaded by now; Django's connections hold this very dictionary.
    settings.DATABASES["default"].update(env.database(cluster.url))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the cluster that was started here."""
    if cluster := config.stash.get(_CLUSTER, None):
        cluster.leave()  # type: ignore[attr-defined]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the long tests unless they are asked for; then they take the time they need. Order the others."""
    items.sort(key=lambda item: next((n for n, path in enumerate(FIRST) if item.nodeid.startswith(path)), len(FIRST)))
    asked = config.getoption("--long")
    mark = pytest.mark.timeout(0) if asked else pytest.mark.skip(reason="long: runs with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(mark)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: going through it again and again was 13 % of all CPU."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Uploads of tests go to a temporary folder, never among those of the demo."""
    root = tmp_path_factory.mktemp("files")
    before = {name: getattr(settings, name) for name in (*FOLDERS, "STORAGES")}
    for name in FOLDERS:
        setattr(settings, name, root / name.removesuffix("_ROOT").lower())
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        # Plain pytest without ./dev: pages without hashed names rather than no pages.
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    yield
    for name, value in before.items():
        setattr(settings, name, value)
