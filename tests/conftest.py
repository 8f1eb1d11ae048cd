"""What all tests share: a database that is emptied cheaply, and static files that are looked for once."""

import pytest
from django.test import TransactionTestCase
from whitenoise.base import WhiteNoise

from tests import database, static_files

TransactionTestCase._fixture_teardown = database.empty  # type: ignore[attr-defined]
WhiteNoise.update_files_dictionary = static_files.read_once


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request, django_db_modify_db_settings_parallel_suffix, django_db_keepdb, django_db_blocker, tmp_path_factory
):
    worker = getattr(request.config, "workerinput", {}).get("workerid")
    if not worker or django_db_keepdb:
        yield
        return
    with django_db_blocker.unblock(), database.copied(worker, tmp_path_factory.getbasetemp().parent / "databases"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        database.bound()
