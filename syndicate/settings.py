"""Settings: read once from `config/syndicate.toml`, what it includes, and the environment, which wins.

The result is frozen and passed on. Nothing else takes a setting from the environment, but for the log level of a
failure that comes before settings are read; what starts processes hands it on to them.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from syndicate import settings_files
from syndicate.errors import ConfigurationError, UsageError
from syndicate.formats import HUB_PATH
from syndicate.model import SourceSpec, TopicSpec
from syndicate.settings_addresses import (
    BaseUrl,
    Bind,
    DatabaseUrl,
    RedisUrl,
    Token,
    is_reachable,
    without_blanks_around,
)
from syndicate.settings_errors import STORABLE, Origin, Place, explain, misplaced, not_json, said, unstorable
from syndicate.settings_lists import NUMBER, YEAR, Rule, Source, Topic, missing

DEFAULT_FILE = Path("config/syndicate.toml")
ALL_TOPIC = TopicSpec(key="all", title="All articles", description="Every article, newest first.")

# What is above these ends in an overflow somewhere, and helps nobody.
Seconds = Annotated[float, Field(gt=0, le=YEAR, allow_inf_nan=False), NUMBER]
WholeSeconds = Annotated[int, Field(ge=0, le=YEAR), NUMBER]
Count = Annotated[int, Field(ge=1, le=1_000_000_000), NUMBER]
Processes = Annotated[int, Field(ge=1, le=1_000), NUMBER]  # or threads
Megabytes = Annotated[int, Field(ge=1, le=1_000_000), NUMBER]
Days = Annotated[int, Field(ge=1, le=36_500), NUMBER]
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False), NUMBER]
_HOUR = 3_600  # of waiting: a system takes no more than some days, and nobody has the patience


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FetchSettings(_Section):
    """Limits and manners of the HTTP client."""

    total_seconds: Annotated[Seconds, Field(le=_HOUR)] = 15
    redirects: Annotated[int, Field(ge=0, le=20), NUMBER] = 5
    wire_bytes: Count = 5_000_000
    decoded_bytes: Count = 20_000_000
    encodings: Annotated[int, Field(ge=0, le=5), NUMBER] = 2
    header_bytes: Count = 65_536
    per_host: Count = 2
    host_pause_seconds: Annotated[float, Field(ge=0, le=_HOUR, allow_inf_nan=False), NUMBER] = 0.5


class IngestSettings(_Section):
    """Pace of polling, limits of the child that reads payloads, and what is kept how long."""

    min_interval_seconds: Seconds = 300
    max_interval_seconds: Seconds = 86_400
    children: Processes = 2
    child_cpu_seconds: Annotated[int, Field(ge=1, le=_HOUR), NUMBER] = 2
    child_memory_mb: Annotated[Megabytes, Field(ge=128)] = 512
    child_payloads: Count = 500
    pages_per_run: Count = 40
    payload_days: Days = 30
    run_days: Days = 30
    queue_limit: Count = 1_000

    @model_validator(mode="after")
    def _ceiling_above_floor(self) -> "IngestSettings":
        floor, ceiling = self.min_interval_seconds, self.max_interval_seconds
        if ceiling < floor:
            reason = f"{ceiling:g} is less than ingest.min_interval_seconds, {floor:g}: expected as much or more"
            raise misplaced(reason, "max_interval_seconds")
        return self


class StripSettings(_Section):
    """When a cleaned article has to wait for a person."""

    hold_share: Share = 0.6


class PublishSettings(_Section):
    """What a feed holds."""

    items: Annotated[int, Field(ge=1, le=500), NUMBER] = 50
    feed_bytes: Annotated[Count, Field(ge=10_000)] = 2_000_000
    source_share: Share = 1.0


class ServeSettings(_Section):
    """How web processes answer."""

    workers: Processes = 1
    threads: Processes = 4
    connections: Count = 2_000
    memory_mb: Megabytes = 128
    max_age_seconds: WholeSeconds = 60
    shared_max_age_seconds: WholeSeconds = 60
    stale_seconds: WholeSeconds = 86_400
    requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000_000), NUMBER] = 600
    trusted_proxies: Annotated[int, Field(ge=0, le=5), NUMBER] = 0


class HubSettings(_Section):
    """Whether feeds are pushed to whoever subscribes, and whether we subscribe to sources that push."""

    enabled: bool = True
    subscribe: bool | None = None


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
    data_dir: Annotated[settings_files.DataDir, AfterValidator(without_blanks_around)] = Path("var")
    bind: Bind = "127.0.0.1:8080"
    base_url: BaseUrl = ""
    database_url: DatabaseUrl = ""
    redis_url: RedisUrl = ""
    admin_token: Token | None = None
    allow_private: Annotated[tuple[str, ...], NoDecode] = ()
    log_format: Literal["auto", "console", "json"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    fetch: FetchSettings = FetchSettings()
    ingest: IngestSettings = IngestSettings()
    strip: StripSettings = StripSettings()
    publish: PublishSettings = PublishSettings()
    serve: ServeSettings = ServeSettings()
    hub: HubSettings = HubSettings()
    sources: tuple[Source, ...] = ()
    topics: tuple[Topic, ...] = ()
    boilerplate: tuple[Rule, ...] = ()

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

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, values: object) -> object:
        if place := next(unstorable(values), None):
            raise misplaced(STORABLE, *place)
        return values

    @field_validator("allow_private", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("sources", "topics", "boilerplate")
    @classmethod
    def _every_key_once(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        seen: set[str] = set()
        for position, item in enumerate(value):
            if item.key in seen:
                raise misplaced(f"key {item.key!r} stands twice: expected every key once", position)
            seen.add(item.key)
        return value

    @property
    def public_url(self) -> str:
        """The base of every address that we publish, without a slash at its end."""
        host, _, port = self.bind.rpartition(":")
        everywhere = host in {"0.0.0.0", "[::]"}  # noqa: S104 - only looked at
        return self.base_url or f"http://{'localhost' if everywhere else host}:{port}"

    @property
    def hub_url(self) -> str:
        """Where feeds are subscribed to; "" where nobody may."""
        return f"{self.public_url}{HUB_PATH}" if self.hub.enabled else ""

    @property
    def subscribes(self) -> bool:
        """Whether hubs of sources are asked to tell of changes: unless it is said, where they can reach us."""
        return is_reachable(self.base_url) if self.hub.subscribe is None else self.hub.subscribe

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the store."""
        return self.database_url or f"sqlite:///{quote(str(self.data_dir / 'syndicate.db'), safe='/ ')}"

    @property
    def all_topics(self) -> tuple[TopicSpec, ...]:
        """The declared topics, and `all` unless it is declared."""
        declared = self.topics
        return declared if any(t.key == "all" for t in declared) else (ALL_TOPIC, *declared)


Trial = Callable[[Settings], Iterable[tuple[Place, str]]]


def load(trial: Trial | None = None) -> Settings:
    """Read the configuration file and the environment into frozen settings.

    `trial` gives what the parts that will use them say against them. Raises ConfigurationError with one line for
    every problem: file or variable, key, what was expected.
    """
    environment = os.environ
    path, there = _main_file(environment)
    values, files = settings_files.read_files(path) if there else ({}, {})
    _refuse_unknown_variables(environment)
    origin = Origin(path, files, environment)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise ConfigurationError(tuple(explain(error, Settings, origin))) from error
    except SettingsError as error:
        raise ConfigurationError(tuple(not_json(environment))) from error
    except RecursionError as error:
        raise ConfigurationError(("environment: a list is nested too deeply; expected a list of tables",)) from error
    problems = trial(settings) if trial else ()
    if lines := tuple(origin.line(place, message) for place, message in problems):
        raise ConfigurationError(lines)
    return settings


def _main_file(environment: Mapping[str, str]) -> tuple[Path, bool]:
    """The configuration file, and whether it has to be read: one that is named must be there, the default may lack."""
    named = environment.get("SYNDICATE_CONFIG")
    path = Path(named) if named else DEFAULT_FILE
    return path, bool(named) or path.exists()


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    """A misspelt variable must not be ignored in silence; one in lower case pydantic would take, and nobody else."""
    known = {"SYNDICATE_CONFIG", *variables()}
    unknown = sorted(name for name in environment if name.upper().startswith("SYNDICATE_") and name not in known)
    if unknown:
        raise ConfigurationError(
            tuple(f"environment: {name}: no such setting; docs/configuration.md lists them" for name in unknown)
        )


_SOURCE: TypeAdapter[SourceSpec] = TypeAdapter(Source)


def declared_source(values: Mapping[str, object]) -> SourceSpec:
    """Make a source of an admin's words; raises UsageError that says what is wrong with them."""
    if place := next(unstorable(dict(values)), None):
        raise UsageError(f"{'.'.join(map(str, place))}: {STORABLE}")
    try:
        spec = _SOURCE.validate_python(dict(values))
    except ValidationError as error:
        raise UsageError("; ".join(said(detail) for detail in error.errors(include_url=False))) from error
    if spec.kind == "folder":
        spec = replace(spec, location=str(Path(spec.location).resolve()))
    if problem := missing(spec):
        raise UsageError(problem)
    return spec


def idle_includes() -> tuple[str, ...]:
    """Which patterns of the configuration file's `include` match nothing, a line each."""
    path, there = _main_file(os.environ)
    return settings_files.idle_includes(path) if there else ()


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
