"""Django for any WSGI server. The product's own server (``geogov.server``) runs this application in its threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geogov.settings")

application = get_wsgi_application()
