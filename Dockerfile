# driftd's image. Build: docker build --build-arg VERSION=0.1.0 --build-arg REVISION=$(git rev-parse HEAD) -t driftd:0.1.0 .
# Run:   docker run --read-only --tmpfs /tmp -v driftd:/var/lib/driftd -v ./driftd.yaml:/etc/driftd/driftd.yaml:ro driftd:0.1.0
# Both stages must have the same Python: the virtual environment of the first is copied to the second.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY deploy/requirements.txt deploy/requirements-build.txt deploy/
RUN python -m venv --without-pip /opt/driftd
RUN python -m pip --python /opt/driftd/bin/python install --require-hashes --only-binary=:all: -r deploy/requirements.txt
RUN python -m pip install --require-hashes --only-binary=:all: -r deploy/requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY monitor monitor
RUN python -m pip wheel --no-deps --no-build-isolation --no-index --wheel-dir=dist .
RUN python -m pip --python /opt/driftd/bin/python install --no-deps --no-index --find-links=dist driftd

FROM python:${PYTHON}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="driftd" \
      org.opencontainers.image.description="Watches machine-learning models in production: captures against a baseline, to a verdict that can be trusted" \
      org.opencontainers.image.url="https://driftd.example" \
      org.opencontainers.image.source="https://driftd.example" \
      org.opencontainers.image.documentation="https://driftd.example/docs/operations.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.vendor="The driftd authors" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# All that is written lies in /var/lib/driftd and /tmp, so that the root may be read-only.
RUN mkdir -p /etc/driftd /var/lib/driftd && chown 65532:65532 /var/lib/driftd
COPY --from=build /opt/driftd /opt/driftd
ENV PATH=/opt/driftd/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/var/lib/driftd TMPDIR=/tmp
WORKDIR /var/lib/driftd
USER 65532:65532
VOLUME /var/lib/driftd
EXPOSE 9465
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=5m --retries=3 CMD ["driftd", "health"]
ENTRYPOINT ["driftd"]
CMD ["run", "--config", "/etc/driftd/driftd.yaml"]
