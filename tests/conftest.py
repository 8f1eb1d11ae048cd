"""What all tests share: a database that is emptied cheaply."""

from django.test import TransactionTestCase

from tests import database

TransactionTestCase._fixture_teardown = database.empty  # type: ignore[attr-defined]
