"""Commands of the app, run by manage.py."""
