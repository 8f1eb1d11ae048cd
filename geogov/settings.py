"""Settings: everything that differs between machines comes from the environment (``geogov.env``)."""

from django.utils.translation import gettext_lazy as _

from geogov import env, static
from geogov.geolibs import libraries

BASE_DIR = env.BASE_DIR
GDAL_LIBRARY_PATH, GEOS_LIBRARY_PATH = libraries()

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.secret_key()
AUDIT_SEAL_KEY = env.text("AUDIT_SEAL_KEY", SECRET_KEY)
"""Seals of the audit are made with it. Set it apart from SECRET_KEY to be able to change that one."""
CONTACT_KEYS = env.listing("CONTACT_KEYS", (SECRET_KEY,))
"""Contacts of reporters are encrypted with the first and can be read with each; the last also hashes tracking codes."""
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS")

SITE_URL = env.text("SITE_URL", "").rstrip("/")
"""What addresses in messages begin with ("https://map.example.gov.cn"); empty: messages carry no link."""

DEMO = env.flag("DEMO", False)
"""Demo accounts exist and may sign in. The server then listens on loopback only, unless told otherwise."""

DEMO_PASSWORD_FILE = env.path("DEMO_PASSWORD_FILE", env.LOCAL_DIR / "demo_password")
"""The one password of all demo accounts, made at the first need (0600)."""

COUNTY = env.text("COUNTY", "990521")
"""Six-digit code of the county that ``/`` shows."""

# Lowest first, as in docs/MAP.md; import-linter and tests/architecture hold the order.
LOCAL_APPS = [
    "kernel",
    "records",
    "places",
    "accounts",
    "layers",
    "media",
    "dispatch",
    "facilities",
    "devices",
    "projects",
    "incidents",
    "imagery",
    "portal",
    "fixtures",
]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "rest_framework",
    "rest_framework_gis",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "django_tasks",
    "django_tasks_db",
    *LOCAL_APPS,
]

MIDDLEWARE = [
    "kernel.api.middleware.security_headers",
    "kernel.api.middleware.caching",
    "kernel.api.middleware.one_error_shape",
    "django.middleware.security.SecurityMiddleware",
    "kernel.api.middleware.codings",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kernel.api.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.viewer",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "geogov.urls"
WSGI_APPLICATION = "geogov.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ]
        },
    }
]

DATABASES = {"default": env.database() | {"TEST": {"NAME": env.text("GEOGOV_TEST_DB", "test_geogov")}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/manage"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # a working day; a shared office computer must not stay signed in over night
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("HTTPS", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kernel.api.views.csrf_failure"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", env.LOCAL_DIR / "static")
STATICFILES_DIRS = [("app", path) for path in [BASE_DIR / "frontend" / "dist"] if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "geogov.static.HashedStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = static.IMMUTABLE
MEDIA_ROOT = env.path("MEDIA_ROOT", env.LOCAL_DIR / "media")
"""Public derivatives and documents, served under /media/ by their random names."""
SEALED_ROOT = env.path("SEALED_ROOT", env.LOCAL_DIR / "sealed")
"""Originals: outside every served folder, opened only by an audited staff view."""
MEDIA_URL = "/media/"
RASTERS_ROOT = env.path("RASTERS_ROOT", env.LOCAL_DIR / "rasters")
"""Scenes from above, by content; opened only for who may see them."""
TILES_ROOT = env.path("TILES_ROOT", env.LOCAL_DIR / "tiles")
TILE_CACHE_MB = env.number("TILE_CACHE_MB", 512, 0, 1_000_000)
"""Drawn tiles that are kept, at most; 0: none. 512 MB are some 40,000."""
TITILER_URL = env.web_address("TITILER_URL")
"""A TiTiler beside us that draws tiles; only we speak to it. Empty: tiles are drawn here."""
TITILER_ROOT = env.text("TITILER_ROOT", "")
"""Where it finds RASTERS_ROOT; empty: at the same path."""
SCENE_MEGAPIXELS = env.number("SCENE_MEGAPIXELS", 1000, 1, 100_000)
"""The largest raster that becomes a scene: 31,600 pixels square, 12 GB with six bands of 16 bits."""
PANGO_ROOT = env.path("PANGO_ROOT", env.LOCAL_DIR / "pango")
"""Pango and a Chinese font, unpacked; used only where the machine has none of its own."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

THREADS = env.number("THREADS", 8, 1, 200)
"""Requests that a web process computes at once, each with a connection to the database."""
LIVE_APP = "layers.live.app.Live"
"""What answers ``/live/`` (geogov.asgi)."""
LIVE_STREAMS = env.number("LIVE_STREAMS", 500, 0, 100_000)
"""Half of the 1,024 files that a process may usually open."""
LIVE_STREAMS_PER_ADDRESS = env.number("LIVE_STREAMS_PER_ADDRESS", 100, 0, 100_000)
"""The offices of a county often stand behind one address; others go on asking (/api/layers/changes)."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "kernel.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "geogov",
    "DESCRIPTION": "One map of a county: places, facilities, project sites, and what is done about them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api",  # tags and names are made of what follows
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "layers.api.components.add",
        "kernel.api.openapi.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ReportCrs": ["wgs84", "gcj02", "bd09"],
        "PlaceKind": "places.models.Kind",
        "ContactKind": "places.models.Contact.Kind",
        "ChangeKind": "imagery.api.inputs.KINDS",
        "AttachmentKind": "projects.models.Attachment.Kind",
        "BatchVerdict": "imagery.api.inputs.BATCH_VERDICTS",
        "FeatureType": ["Feature"],
        "FeatureCollectionType": ["FeatureCollection"],
        "PointType": ["Point"],
    },
}

# Messages leave by SMTP, from the outbox only.
EMAIL_HOST = env.text("EMAIL_HOST", "" if DEMO else "localhost")
if not EMAIL_HOST:  # a demonstration writes to nobody, and shows what it would have sent
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.LOCAL_DIR / "mail"
EMAIL_PORT = env.number("EMAIL_PORT", 25, 1, 65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "geogov@localhost")
WEBHOOK_URL = env.web_address("WEBHOOK_URL")
"""Gateway for text messages and WeChat: gets a signed POST for each message (records.tasks). Empty: there is none."""
WEBHOOK_KEY = env.text("WEBHOOK_KEY", SECRET_KEY)

# Devices may also send their readings by MQTT (docs/mqtt.md). Without a broker nothing is missing but that door.
MQTT_URL = env.mqtt_url()
MQTT_VERSION = env.choice("MQTT_VERSION", "5", "3.1.1")
MQTT_SHARE = env.text("MQTT_SHARE", "geogov")
MQTT_NAME = env.text("MQTT_NAME", "geogov")
MQTT_CA_FILE = env.text("MQTT_CA_FILE", "")
MQTT_CERT_FILE = env.text("MQTT_CERT_FILE", "")
MQTT_KEY_FILE = env.text("MQTT_KEY_FILE", "")
CAMERA_STREAM_URL = env.text("CAMERA_STREAM_URL", "")
"""Where the film of a camera runs, with {code}; shown to staff who may see its pictures. Empty: nowhere."""

CHANGE_EXECUTOR = env.executor("CHANGE_EXECUTOR")
"""Who works on the windows of change detection: threads of this machine, one after another, or a Dask cluster."""

# Base maps of others are offered only when these are set; a key is visible to every browser (docs/settings.md).
TIANDITU_KEY = env.text("TIANDITU_KEY", "")
TIANDITU_APPROVAL_NUMBER = env.text("TIANDITU_APPROVAL_NUMBER", "")
OSM_TILES_URL = env.text("OSM_TILES_URL", "")
OSM_APPROVAL_NUMBER = env.text("OSM_APPROVAL_NUMBER", "")

# Background work: the API of django.tasks in Django 6; the queue is in the database or, by setting, in Redis.
# ``manage.py worker`` follows this choice.
TASKS_ON_REDIS = env.choice("TASKS_BACKEND", "database", "rq") == "rq"
TASKS = {"default": {"BACKEND": "geogov.queues.Backend" if TASKS_ON_REDIS else "django_tasks_db.DatabaseBackend"}}
TASK_RESULTS_DAYS = 7
"""How long the results of finished tasks are kept: over a weekend and a holiday, for whoever looks for what failed."""
if TASKS_ON_REDIS:
    INSTALLED_APPS += ["django_rq"]
    MIGRATION_MODULES = {"django_rq": None}  # it has no tables: a change of the queue needs no migration
    RQ_QUEUES = {"default": {"URL": env.redis_url()}}
    RQ = {
        "JOB_CLASS": "django_tasks_rq.Job",
        "QUEUE_CLASS": "geogov.queues.CommitQueue",
        "WORKER_CLASS": "geogov.queues.Worker",
    }
    RQ_SHOW_ADMIN_LINK = False  # Django's admin is for master data

# Five wrong passwords lock a user name from one address for fifteen minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "kernel.api.pace.client_ip"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Everything worth reading goes to stderr, where the supervisor or the container engine keeps it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # Expected refusals (4xx) are the client's business; what broke (5xx) comes with its traceback.
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "axes": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}
