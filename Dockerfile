# The service's images: `api` serves HTTP, `worker` works on jobs. See docs/deploy.md.
#
#   docker build --target api    -t hasten-api .
#   docker build --target worker -t hasten-worker .

ARG PYTHON_IMAGE=python:3.11-slim-bookworm

# Hasten and its packages, each checked against the hash in the lock.
FROM ${PYTHON_IMAGE} AS builder
# Where packages come from, where the public index is out of reach. Credentials do not belong here: build arguments stay
# in this stage's history.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_FIND_LINKS
ARG PIP_CERT
ENV PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/hasten
COPY scripts/setup scripts/environment.py scripts/
COPY pyproject.toml requirements-service.lock README.md LICENSE ./
# Empty rooms stand in for the code, so that a change of code does not install the packages again.
RUN for room in agent api storage tools workers; do mkdir "$room" && touch "$room/__init__.py"; done && scripts/setup --service
COPY agent/ agent/
COPY api/ api/
COPY storage/ storage/
COPY tools/ tools/
COPY workers/ workers/
RUN .venv/bin/python -m compileall -q -j 0 .venv/lib agent api storage tools workers

FROM ${PYTHON_IMAGE} AS runtime
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 hasten \
    && useradd --uid 10001 --gid hasten --home-dir /var/lib/hasten --shell /usr/sbin/nologin hasten \
    && install -d -o hasten -g hasten -m 700 /var/lib/hasten /var/lib/hasten/blobs
COPY --from=builder /opt/hasten /opt/hasten
ENV PATH=/opt/hasten/.venv/bin:$PATH \
    HASTEN_HOME=/var/lib/hasten \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
LABEL org.opencontainers.image.title="Hasten" \
      org.opencontainers.image.description="Makes a repository faster, and proves it." \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /var/lib/hasten
USER 10001:10001
# It passes signals on and collects processes that nobody waits for.
ENTRYPOINT ["tini", "--"]

FROM runtime AS api
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["hasten", "serve", "--no-worker", "--host", "0.0.0.0", "--port", "8000"]

FROM runtime AS worker
USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap \
    && rm -rf /var/lib/apt/lists/*
USER 10001:10001
# Seldom, for it takes a second of a core that may be measuring.
HEALTHCHECK --interval=120s --timeout=60s --start-period=60s --retries=3 \
    CMD ["nice", "-n", "19", "hasten", "worker", "--check"]
CMD ["hasten", "worker"]
