# Two stages: build the wheel and the environment, then copy the environment into a small image.
# Packages are the locked ones, as with `make install`; the program itself is a wheel here, and editable there.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/syndicate
COPY requirements.txt requirements-build.txt ./
RUN /opt/syndicate/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.txt \
    && python -m pip install --no-cache-dir --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY syndicate ./syndicate
RUN python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/syndicate/bin/python -m pip install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /var/lib/syndicate --shell /usr/sbin/nologin syndicate
COPY --from=build /opt/syndicate /opt/syndicate
WORKDIR /srv/syndicate
COPY config ./config
COPY seeds ./seeds
ENV PATH=/opt/syndicate/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SYNDICATE_DATA_DIR=/var/lib/syndicate \
    SYNDICATE_BIND=0.0.0.0:8080
USER syndicate
VOLUME /var/lib/syndicate
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health/ready', timeout=2)"]
# `up` runs everything; give `serve`, `schedule` or `work` instead to run one role.
ENTRYPOINT ["syndicate"]
CMD ["up"]
