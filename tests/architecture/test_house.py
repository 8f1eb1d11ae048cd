"""The order of the house holds, also where import-linter cannot look."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

from tests.architecture.house import BASE, ranks, source_files, wrong_foreign_keys

LONGEST = 400  # lines; longer files are split by subject (STYLE)
ORDER = ranks()


def test_every_local_app_is_ranked():
    assert set(settings.LOCAL_APPS) == set(ORDER) - {"geogov"}
    assert sorted(settings.LOCAL_APPS, key=ORDER.__getitem__) == settings.LOCAL_APPS


def test_every_package_with_a_model_is_ranked():
    own = {config.label for config in apps.get_app_configs() if str(config.path).startswith(str(BASE))}
    own -= {label for label in own if ".venv" in apps.get_app_config(label).path}
    assert own == set(settings.LOCAL_APPS)
    packages = {path.parent.name for path in BASE.glob("*/apps.py")}
    assert packages == set(settings.LOCAL_APPS)


def test_foreign_keys_point_down():
    own = [model for model in apps.get_models() if model._meta.app_label in ORDER]
    assert len(own) > 15
    assert list(wrong_foreign_keys(own, ORDER)) == []


@pytest.fixture
def planted():
    """Two models that break the rule, registered for this test only."""

    class Up(models.Model):
        project = models.ForeignKey("projects.Project", models.CASCADE, related_name="+")

        class Meta:
            app_label = "places"

    class Sideways(models.Model):
        facilities = models.ManyToManyField("facilities.Facility", related_name="+")

        class Meta:
            app_label = "projects"

    yield [Up, Sideways]
    del apps.all_models["places"]["up"]
    del apps.all_models["projects"]["sideways"]
    apps.all_models["projects"].pop("sideways_facilities", None)
    apps.clear_cache()


def test_foreign_keys_up_and_sideways_are_caught(planted):
    assert list(wrong_foreign_keys(planted, ORDER)) == [
        "places.Up.project -> projects.Project",
        "projects.Sideways.facilities -> facilities.Facility",
    ]


def test_no_file_is_too_long():
    long = {str(p.relative_to(BASE)): n for p in source_files() if (n := len(p.read_bytes().splitlines())) > LONGEST}
    assert long == {}


def test_no_drawer_for_everything():
    names = {"utils", "helpers", "common", "misc", "util"}
    assert [str(path.relative_to(BASE)) for path in source_files() if path.stem in names] == []
    assert [str(path.relative_to(BASE)) for name in names for path in BASE.glob(f"*/{name}/")] == []


def test_no_page_is_asked_by_eval():
    """The policy of our pages forbids it as soon as the first answer is no (tests.e2e.pages.wait_for)."""
    asked = "wait_for" + "_function("
    assert [str(path) for path in BASE.glob("tests/**/*.py") if asked in path.read_text()] == []


def test_migrations_are_named():
    nameless = [path for path in BASE.glob("*/migrations/0*.py") if "_auto_" in path.name]
    assert nameless == []


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_sql_files_are_run_by_a_migration():
    for path in BASE.glob("*/sql/*.sql"):
        migrations = (path.parent.parent / "migrations").glob("0*.py")
        assert any(path.name in migration.read_text(encoding="utf-8") for migration in migrations), path


def test_django_finds_no_fault():
    call_command("check", fail_level="WARNING")
