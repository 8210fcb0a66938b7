# Named so that it can be pinned: --build-arg PYTHON=python@sha256:…
ARG PYTHON=python:3.11-slim-bookworm
FROM $PYTHON
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/static_collected
WORKDIR /app
# What PDF files are drawn with; and PostgreSQL's own client, since Debian's is older than the server and could not back
# it up.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    fonts-noto-core fonts-noto-color-emoji postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y -qq --no-install-recommends postgresql-client-16 && rm -rf /var/lib/apt/lists/*
COPY requirements.txt requirements-speech.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
# The speech model has wheels for these two; elsewhere recordings need a speech service.
RUN case "$(dpkg --print-architecture)" in amd64 | arm64) \
    pip install --no-cache-dir --require-hashes -r requirements-speech.txt ;; esac
# Only what .dockerignore lets in; it belongs to root, and the program cannot change itself.
COPY . .
# Compressed once here; at start-up it would take too long. The user's number stays: the files in /data are theirs.
RUN STATICFILES_BACKEND=whitenoise.storage.CompressedManifestStaticFilesStorage VAR_DIR=/tmp/build \
    python manage.py collectstatic --noinput --verbosity 0 && rm -rf /tmp/build \
    && useradd --system --uid 999 --create-home app && mkdir -p /data && chown app /data && chmod 700 /data
USER app
# docker compose build --build-arg REVISION="$(git rev-parse --short HEAD)": /metrics tells it.
ARG REVISION=""
ENV REVISION=$REVISION
# The file system may be read-only but for /data and /tmp.
ENV XDG_CACHE_HOME=/tmp/cache
ENV VAR_DIR=/data HOST=0.0.0.0 PORT=8000 STATICFILES_BACKEND=whitenoise.storage.CompressedManifestStaticFilesStorage
EXPOSE 8000
CMD ["honcho", "start", "--no-colour", "web"]
