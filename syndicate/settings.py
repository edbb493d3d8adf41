"""Settings: read once from `config/syndicate.toml`, what it includes, and the environment, which wins.

The result is frozen and passed on; nothing else in the package looks at the environment.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from apscheduler.triggers.cron import CronTrigger
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from syndicate.errors import ConfigurationError, UsageError
from syndicate.model import SourceSpec, TopicSpec

DEFAULT_FILE = Path("config/syndicate.toml")
ALL_TOPIC = TopicSpec(key="all", title="All articles", description="Every article, newest first.")

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_LISTS = ("sources", "topics")

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FetchSettings(_Section):
    """Limits and manners of the HTTP client."""

    total_seconds: Seconds = 15
    redirects: Annotated[int, Field(ge=0, le=20)] = 5
    wire_bytes: Count = 5_000_000
    decoded_bytes: Count = 20_000_000
    encodings: Annotated[int, Field(ge=0, le=5)] = 2
    header_bytes: Count = 65_536
    per_host: Count = 2
    host_pause_seconds: Annotated[float, Field(ge=0)] = 0.5


class IngestSettings(_Section):
    """Pace of polling, limits of the child that reads payloads, and what is kept how long."""

    min_interval_seconds: Seconds = 300
    max_interval_seconds: Seconds = 86_400
    children: Count = 2
    child_cpu_seconds: Count = 2
    child_memory_mb: Annotated[int, Field(ge=128)] = 512
    child_payloads: Count = 500
    pages_per_run: Count = 40
    payload_days: Count = 30
    run_days: Count = 30
    queue_limit: Count = 1_000


class StripSettings(_Section):
    """When a cleaned article has to wait for a person."""

    hold_share: Annotated[float, Field(gt=0, le=1)] = 0.6


class PublishSettings(_Section):
    """What a feed holds."""

    items: Annotated[int, Field(ge=1, le=500)] = 50
    feed_bytes: Annotated[int, Field(ge=10_000)] = 2_000_000
    source_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    archive_items: Annotated[int, Field(ge=1, le=1000)] = 100


class ServeSettings(_Section):
    """How web processes answer."""

    workers: Count = 1
    threads: Count = 8
    memory_mb: Count = 128
    max_age_seconds: Annotated[int, Field(ge=0)] = 60
    shared_max_age_seconds: Annotated[int, Field(ge=0)] = 60
    stale_seconds: Annotated[int, Field(ge=0)] = 86_400
    requests_per_minute: Annotated[int, Field(ge=0)] = 600
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0


class Settings(BaseSettings):
    """Everything that can be set; each field has a variable `SYNDICATE_<NAME>` or `SYNDICATE_<SECTION>_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="SYNDICATE_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    title: str = "Syndicate"
    description: str = "Articles for partner sites, by topic."
    language: str = "en"
    contact: str = ""
    terms: str = ""
    data_dir: Path = Path("var")
    bind: str = "127.0.0.1:8080"
    base_url: str = ""
    database_url: str = ""
    redis_url: str = ""
    admin_token: SecretStr | None = None
    allow_private: Annotated[tuple[str, ...], NoDecode] = ()
    log_format: Literal["auto", "console", "json"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    fetch: FetchSettings = FetchSettings()
    ingest: IngestSettings = IngestSettings()
    strip: StripSettings = StripSettings()
    publish: PublishSettings = PublishSettings()
    serve: ServeSettings = ServeSettings()
    sources: tuple[SourceSpec, ...] = ()
    topics: tuple[TopicSpec, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings' own
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the files, whose values arrive as arguments."""
        return env_settings, init_settings

    @field_validator("allow_private", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("bind")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 <= int(port) <= 65_535:
            raise ValueError("expected HOST:PORT, for example 127.0.0.1:8080")
        return value

    @field_validator("base_url")
    @classmethod
    def _http_url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", value):
            raise ValueError("expected an http or https URL without query, for example https://wire.example.org")
        return value.rstrip("/")

    @field_validator("sources", "topics")
    @classmethod
    def _usable_keys(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        seen: set[str] = set()
        for item in value:
            if not _KEY.fullmatch(item.key):
                raise ValueError(f"key {item.key!r}: expected 1 to 64 of a-z, 0-9 and '-', not '-' at either end")
            if item.key in seen:
                raise ValueError(f"key {item.key!r} stands twice: expected every key once")
            seen.add(item.key)
        return value

    @model_validator(mode="after")
    def _known_sources(self) -> "Settings":
        known = {source.key for source in self.sources}
        for topic in self.topics:
            for key in topic.sources:
                if known and key not in known:
                    raise ValueError(f"topic {topic.key!r} names source {key!r}: expected one of {sorted(known)}")
        return self

    @property
    def public_url(self) -> str:
        """The base of every address that we publish, without a slash at its end."""
        host, _, port = self.bind.rpartition(":")
        everywhere = host in {"0.0.0.0", "[::]"}  # noqa: S104 - only looked at
        return self.base_url or f"http://{'localhost' if everywhere else host}:{port}"

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the store."""
        return self.database_url or f"sqlite:///{self.data_dir / 'syndicate.db'}"

    @property
    def all_topics(self) -> tuple[TopicSpec, ...]:
        """The declared topics, and `all` unless it is declared."""
        declared = self.topics
        return declared if any(t.key == "all" for t in declared) else (ALL_TOPIC, *declared)


def load(**overrides: Any) -> Settings:
    """Read the configuration file and the environment into frozen settings.

    `overrides` win over the file but not over the environment. Raises ConfigurationError with one line for every
    problem: file or variable, key, what was expected.
    """
    environment = os.environ
    named = environment.get("SYNDICATE_CONFIG")
    path = Path(named) if named else DEFAULT_FILE
    values, origin = _read_files(path) if named or path.exists() else ({}, {})
    _refuse_unknown_variables(environment)
    try:
        return Settings(**{**values, **overrides})
    except ValidationError as error:
        raise ConfigurationError(tuple(_explain(error, origin, path, environment))) from error


def _read_files(path: Path) -> tuple[dict[str, Any], dict[str, list[Path]]]:
    """The main file with what it includes, and for each list which file its items came from."""
    values = _toml(path)
    _anchor_folders(values, path)
    origin: dict[str, list[Path]] = {name: [path] * len(values.get(name, ())) for name in _LISTS}
    for pattern in values.pop("include", ()):
        included = sorted(path.parent.glob(pattern))
        if not included and not any(mark in pattern for mark in "*?["):
            raise ConfigurationError((f"{path}: include: {pattern!r} not found beside it; expected an existing file",))
        for extra in included:
            found = _toml(extra)
            _anchor_folders(found, extra)
            for name, items in found.items():
                if name not in _LISTS:
                    raise ConfigurationError(
                        (f"{extra}: {name}: only [[sources]] and [[topics]] are read from included files",)
                    )
                values.setdefault(name, []).extend(items)
                origin[name] += [extra] * len(items)
    return values, origin


def _anchor_folders(values: Mapping[str, Any], path: Path) -> None:
    """The relative path of a folder source starts at the file that declares it."""
    for source in values.get("sources", ()):
        if isinstance(source, dict) and source.get("kind") == "folder" and isinstance(source.get("location"), str):
            source["location"] = str((path.parent / source["location"]).resolve())


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            (f"{path}: not found; expected the configuration file (SYNDICATE_CONFIG names it)",)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError((f"{path}: can't be read: {error}; expected a UTF-8 text file",)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError((f"{path}: not valid TOML: {error}",)) from error


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    """A misspelt variable must not be ignored in silence."""
    known = {"SYNDICATE_CONFIG", *variables()}
    unknown = sorted(name for name in environment if name.startswith("SYNDICATE_") and name not in known)
    if unknown:
        raise ConfigurationError(
            tuple(f"environment: {name}: no such setting; docs/configuration.md lists them" for name in unknown)
        )


def declared_source(values: Mapping[str, object]) -> SourceSpec:
    """Make a source of an admin's words; raises UsageError that says what is wrong with them."""
    try:
        spec = TypeAdapter(SourceSpec).validate_python(dict(values))
        Settings._usable_keys((spec,))
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise UsageError("; ".join(f"{'.'.join(map(str, d['loc']))}: {d['msg']}" for d in details)) from error
    except ValueError as error:
        raise UsageError(str(error)) from error
    if spec.kind == "folder":
        spec = replace(spec, location=str(Path(spec.location).resolve()))
    if problem := _unusable(spec):
        raise UsageError(problem)
    return spec


def advice(settings: Settings) -> tuple[str, ...]:
    """What is wrong with settings that can be read but won't work, a line each."""
    problems = [f"sources.{spec.key}: {problem}" for spec in settings.sources if (problem := _unusable(spec))]
    problems += [
        f"topics.{topic.key}: no rule; expected one of sources, categories, any_of, all_of"
        for topic in settings.topics
        if topic.key != "all" and not (topic.sources or topic.categories or topic.any_of or topic.all_of)
    ]
    return tuple(problems)


def _unusable(spec: SourceSpec) -> str:
    """Why a source can't be polled as it is declared, or ""."""
    if spec.kind == "folder":
        folder = Path(spec.location)
        return "" if folder.is_dir() else f"location: {spec.location!r} is no folder; expected an existing one"
    if not re.match(r"https?://[^\s/]+", spec.location):
        return f"location: {spec.location!r}: expected an http or https address"
    if spec.cron:
        try:
            CronTrigger.from_crontab(spec.cron)
        except ValueError as error:
            return f"cron: {spec.cron!r}: {error}; expected five fields, for example '15 6 * * *'"
    return ""


def variables() -> tuple[str, ...]:
    """The names of all environment variables that settings are read from."""
    names = []
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, _Section):
            names += [f"SYNDICATE_{name}_{inner}".upper() for inner in kind.model_fields]
        else:
            names.append(f"SYNDICATE_{name}".upper())
    return tuple(names)


def _explain(
    error: ValidationError, origin: Mapping[str, list[Path]], path: Path, environment: Mapping[str, str]
) -> Iterable[str]:
    for detail in error.errors(include_url=False):
        location = detail["loc"]
        message = detail["msg"].removeprefix("Value error, ")
        variable = "SYNDICATE_" + "_".join(str(part) for part in location[:2]).upper()
        first = f"SYNDICATE_{location[0]}".upper() if location else ""
        where: object = path
        if variable in environment or first in environment:
            where = "environment"
        elif len(location) > 1 and isinstance(location[1], int) and location[0] in origin:
            where = origin[str(location[0])][location[1]]
        key = ".".join(str(part) for part in location) or "configuration"
        found = (
            ""
            if detail["type"] == "missing" or isinstance(detail["input"], dict)
            else f" (found {str(detail['input'])[:60]!r})"
        )
        yield f"{where}: {key}: {message}{found}"
