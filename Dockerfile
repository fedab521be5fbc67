# The production image: one for web, worker, clock and migrations; only the command differs.

ARG PYTHON=python:3.12-slim-bookworm

# --- the browser files; Node.js comes as a locked Python package -----------------------------------
FROM ${PYTHON} AS assets
WORKDIR /srv/smarketing
COPY requirements/node.txt requirements/node.txt
RUN python -m pip install --no-cache-dir --require-hashes -r requirements/node.txt
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
COPY smarketing/__init__.py smarketing/console.py smarketing/
COPY static/icons.txt static/icons.txt
RUN python scripts/assets.py

# --- the Python packages ---------------------------------------------------------------------------
FROM ${PYTHON} AS packages
COPY requirements/server.txt /tmp/server.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r /tmp/server.txt

# --- what runs -------------------------------------------------------------------------------------
FROM ${PYTHON}
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static \
    BEAT_SCHEDULE_FILE=/tmp/beat-schedule \
    BIND=0.0.0.0:8000
RUN groupadd --system --gid 10001 smarketing \
 && useradd --system --uid 10001 --gid smarketing --no-create-home --shell /usr/sbin/nologin smarketing \
 && install -d -o smarketing -g smarketing /srv/static \
 && install -d -m 0700 -o smarketing -g smarketing /srv/private
WORKDIR /srv/smarketing
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=assets /srv/smarketing/vendor_static vendor_static
# The static files are part of the image. The settings must be complete to be read; nothing is kept
# of these values, and no server is asked.
RUN SECRET_KEY=only-for-this-one-step-of-the-build-of-the-image-and-kept-nowhere \
    ALLOWED_HOSTS=localhost DATABASE_URL=postgresql://build/build REDIS_URL=redis://build \
    python -m smarketing.prepare --static-only
USER smarketing
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["python", "-m", "smarketing.probe", "http://127.0.0.1:8000/healthz"]
CMD ["python", "-m", "gunicorn", "smarketing.wsgi:application"]
