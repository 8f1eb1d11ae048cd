# syntax=docker/dockerfile:1
# Two images from one file: "db" (PostgreSQL with PostGIS and pgRouting) and "runtime" (web, worker, scheduler).

FROM postgis/postgis:16-3.5 AS db
# The version follows the image's PostgreSQL, whose repository keeps only the newest build of each package.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends "postgresql-${PG_MAJOR}-pgrouting" \
    && rm -rf /var/lib/apt/lists/*

FROM node:22-bookworm-slim AS frontend
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement /requirements.txt

FROM python:3.11-slim-bookworm AS runtime
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/static \
    MEDIA_ROOT=/data/media \
    SEALED_ROOT=/data/sealed \
    RASTERS_ROOT=/data/rasters \
    TILES_ROOT=/data/tiles \
    MALLOC_ARENA_MAX=2
# Pango and fonts typeset the printable sheets. Security updates of the base image's Debian are wanted, not one build.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-droid-fallback fonts-open-sans \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 geogov \
    && useradd --uid 10001 --gid geogov --no-create-home --shell /usr/sbin/nologin geogov \
    && install --directory --owner geogov --group geogov /data /data/media /data/sealed /data/rasters /data/tiles
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
COPY --from=frontend /build/dist frontend/dist
# The key is only there to load the settings; nothing that is signed with it is kept.
RUN python -m scripts.messages \
    && SECRET_KEY=build-only python manage.py collectstatic --noinput -v0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': 'localhost'}), timeout=4)"]
CMD ["python", "-m", "geogov.server", "0.0.0.0:8000"]
