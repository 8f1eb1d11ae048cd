"""What all tests share: a database that is emptied cheaply, and static files that are looked for once."""

from django.test import TransactionTestCase
from whitenoise.base import WhiteNoise

from tests import database, static_files

TransactionTestCase._fixture_teardown = database.empty  # type: ignore[attr-defined]
WhiteNoise.update_files_dictionary = static_files.read_once
