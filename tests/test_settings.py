"""Settings: files, includes and environment in; frozen settings, or lines that say what is wrong, out."""

import os
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from redis import Redis

from syndicate import settings as configuration
from syndicate.errors import ConfigurationError, UsageError
from syndicate.model import HouseRule, SourceSpec, TopicSpec
from syndicate.settings import Settings, Trial, declared_source, variables
from syndicate.store.database import checked
from syndicate.trial import advice

PACKAGE = Path(configuration.__file__).parent
DOCUMENT = Path(__file__).parents[1] / "docs" / "configuration.md"
SOURCE = '[[sources]]\nkey = "lake"\nkind = "feed"\nlocation = "https://lake.example/feed"\n'
Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a main file's text, with further files beside it and variables in the environment."""
    for name in [n for n in os.environ if n.startswith("SYNDICATE_")]:
        monkeypatch.delenv(name)

    def loading(
        text: str | bytes = "", files: dict[str, str] | None = None, trial: Trial | None = None, **environment: str
    ) -> Settings:
        main = tmp_path / "wire.toml"
        main.write_bytes(text.encode() if isinstance(text, str) else text)
        for name, content in (files or {}).items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content)
        monkeypatch.setenv("SYNDICATE_CONFIG", str(main))
        for name, value in environment.items():
            monkeypatch.setenv(f"SYNDICATE_{name}", value)
        return configuration.load(trial)

    return loading


def test_nothing_has_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file and without variables everything has its default."""
    monkeypatch.chdir(tmp_path)
    for name in [n for n in os.environ if n.startswith("SYNDICATE_")]:
        monkeypatch.delenv(name)
    settings = configuration.load()
    assert settings == Settings()
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.store_url == "sqlite:///var/syndicate.db"
    assert [topic.key for topic in settings.all_topics] == ["all"]


def test_environment_wins_over_the_file(load: Load) -> None:
    """A variable overrides its own setting and leaves its neighbours as the file has them."""
    text = 'title = "From the file"\ndescription = "Stays"\n[fetch]\ntotal_seconds = 3\nredirects = 1\n'
    settings = load(text, TITLE="From outside", FETCH_TOTAL_SECONDS="7.5", ALLOW_PRIVATE="10.0.0.0/8, wire.internal")
    assert (settings.title, settings.description) == ("From outside", "Stays")
    assert (settings.fetch.total_seconds, settings.fetch.redirects) == (7.5, 1)
    assert settings.allow_private == ("10.0.0.0/8", "wire.internal")


def test_a_byte_order_mark_is_no_part_of_a_file(load: Load) -> None:
    """What Notepad saves as UTF-8 is read like any other file, included ones, too."""
    settings = load(b'\xef\xbb\xbfinclude = ["more.toml"]\ntitle = "Lake"\n', {"more.toml": "\ufeff" + SOURCE})
    assert (settings.title, len(settings.sources)) == ("Lake", 1)


def test_an_empty_variable_counts_as_not_set(load: Load) -> None:
    """Compose files pass variables on that nobody has set: they arrive empty, and the file's word stands."""
    settings = load('title = "Kept"\nadmin_token = "secret"\n', TITLE="", ADMIN_TOKEN="")
    assert settings.title == "Kept"
    assert settings.admin_token
    assert "secret" not in repr(settings)


def test_includes_add_sources_and_topics(load: Load, tmp_path: Path) -> None:
    """Included files are read in the order they are named in, patterns by name, and a folder starts at its own file."""
    folder = '[[sources]]\nkey = "{}"\nkind = "folder"\nlocation = "in"\n'
    files = {
        "more.toml": folder.format("first"),
        "d/b.toml": '[[topics]]\nkey = "water"\ntitle = "Water"\nsources = ["lake"]\n',
        "d/a.toml": folder.format("second"),
    }
    settings = load('include = ["more.toml", "d/*.toml", "none/*.toml"]\n' + SOURCE, files)
    found = {source.key: source.location for source in settings.sources}
    assert found == {
        "lake": "https://lake.example/feed",
        "first": str(tmp_path / "in"),
        "second": str(tmp_path / "d" / "in"),
    }
    assert [topic.key for topic in settings.all_topics] == ["all", "water"]


PROBLEMS = ((("title",), "too short"), (("contact",), "nobody there"), (("sources", 0, "language"), "which?"))
RULE = '[[boilerplate]]\nkey = "card"\ntext = "Regatta*"\n'
TOPIC = '[[topics]]\nkey = "water"\ntitle = "Water"\n'
WRONG = {
    "unknown key": ('tittle = "x"', "wire.toml: tittle: no such setting; expected perhaps 'title'"),
    "unknown key in a section": ("[fetch]\nfast = true", "wire.toml: fetch.fast: no such setting; expected one of"),
    "unknown key in a source": (SOURCE + "fulltext = true", "wire.toml: sources.0.fulltext: no such setting"),
    "wrong type": ('[fetch]\nredirects = "many"', "wire.toml: fetch.redirects: Input should be a valid integer"),
    "truth as a number": (
        "[fetch]\ntotal_seconds = true",
        "wire.toml: fetch.total_seconds: expected a number (found 'T",
    ),
    "truth as a share": ("[strip]\nhold_share = true", "wire.toml: strip.hold_share: expected a number"),
    "truth as an interval": (SOURCE + "every = true", "wire.toml: sources.0: every: expected a number of seconds"),
    "out of range": ("[publish]\nitems = 0", "wire.toml: publish.items: Input should be greater than or equal to 1"),
    "section that is none": ("fetch = 3", "wire.toml: fetch: Input should be a valid dictionary"),
    "missing key": ('[[sources]]\nkey = "lake"\nkind = "feed"', "wire.toml: sources.0.location: Field required"),
    "unknown kind": (SOURCE.replace('"feed"', '"rss"'), "wire.toml: sources.0.kind: Input should be 'feed', 'folder'"),
    "unusable key": (SOURCE.replace("lake", "The Lake"), "wire.toml: sources.0: key 'The Lake': expected 1 to 64 of"),
    "no folder": (
        SOURCE.replace('"feed"', '"folder"').replace("https://lake.example/feed", " "),
        "wire.toml: sources.0: location: expected the path of a folder: an empty one would be",
    ),
    "no address": (SOURCE.replace("https:", "ftp:"), "wire.toml: sources.0: location 'ftp://lake.example/feed': exp"),
    "address with a password": (
        SOURCE.replace("https://", "https://ann:secret@"),
        "wire.toml: sources.0: location: expected an address without user and password: it is shown in",
    ),
    "no interval": (SOURCE + "every = 0", "wire.toml: sources.0: every 0: expected 1 to 31536000 seconds"),
    "interval of ages": (SOURCE + "every = 99999999", "wire.toml: sources.0: every 99999999: expected 1 to 31536000 s"),
    "bad cron": (SOURCE + 'cron = "daily"', "wire.toml: sources.0: cron 'daily': not five fields but 1; expected five"),
    "weekday that is none": (
        SOURCE + 'cron = "0 6 * * 8"',
        "wire.toml: sources.0: cron '0 6 * * 8': '8' is no",
    ),
    "day that is none": (
        SOURCE + 'cron = "0 6 31 4 *"',
        "wire.toml: sources.0: cron '0 6 31 4 *': there is no",
    ),
    "pattern that is none": (
        SOURCE + 'article_pattern = "("',
        "wire.toml: sources.0: article_pattern '(': missing ), unterminated subpattern at position 0; expected a",
    ),
    "duplicate keys": (SOURCE * 2, "wire.toml: sources.1: key 'lake' stands twice: expected every key once"),
    "sources as a value": ("sources = 3", "wire.toml: sources: found '3'; expected [[sources]] tables"),
    "source that is no table": ("sources = [3]", "wire.toml: sources.0: Input should be a dictionary"),
    "unknown key in a rule": (
        RULE + 'verdct = "cut"',
        "boilerplate.0.verdct: no such setting; expected perhaps 'verd",
    ),
    "nothing like a key of a rule": (
        RULE + "zzz = 1",
        "boilerplate.0.zzz: no such setting; expected one of family, key, sources, text, verdict",
    ),
    "rule without text": ('[[boilerplate]]\nkey = "card"', "wire.toml: boilerplate.0.text: Field required"),
    "ceiling below the floor": (
        "[ingest]\nmin_interval_seconds = 900\nmax_interval_seconds = 60",
        "wire.toml: ingest.max_interval_seconds: 60 is less than ingest.min_interval_seconds, 900: expected as",
    ),
    "floor above the usual ceiling": (
        "[ingest]\nmin_interval_seconds = 100000",
        "wire.toml: ingest.max_interval_seconds: 86400 is less than ingest.min_interval_seconds, 100000: exp",
    ),
    "broken TOML": ("title = ", "wire.toml: not valid TOML: Invalid value (at end of document)"),
    "nested for ever": (f"a = {'[' * 50_000}", "wire.toml: not valid TOML: maximum recursion depth exceeded"),
    "not UTF-8": (b'title = "\xff"', "wire.toml: can't be read: 'utf-8' codec can't decode byte 0xff"),
    "missing include": ('include = ["gone.toml"]', "wire.toml: include: 'gone.toml' not found beside it; expected an"),
    "include that is no list": ('include = "a.toml"', "wire.toml: include: found 'a.toml'; expected a list of file"),
    "include from elsewhere": ('include = ["/etc/passwd"]', "wire.toml: include: found '/etc/passwd'; expected a list"),
    "include of nothing": ('include = [""]', "wire.toml: include: found ''; expected a list of file names"),
    "include of a number": ("include = [3]", "wire.toml: include: found 3; expected a list of file names"),
    "bind without port": ('bind = "localhost"', "wire.toml: bind: expected HOST:PORT, for example 127.0.0.1:8080"),
    **{
        f"bind to {bind}": (f'bind = "{bind}"', "wire.toml: bind: expected HOST:PORT, for example 127.0.0.1:8080, an")
        for bind in (
            "::1:80",
            ":::80",
            "[zz]:80",
            "[::1:80",
            "0:80",
            "127.1:80",
            "*:80",
            "a b:80",
            "x:0",
            "x:65536",
            ":80",
        )
    },
    "bind with no digits": ('bind = "127.0.0.1:²"', "wire.toml: bind: expected HOST:PORT, for example 127.0.0.1:8080"),
    "base with query": ('base_url = "https://w.example/?a"', "wire.toml: base_url: expected an http or https URL"),
    **{
        f"NUL in {place}": (text, f"wire.toml: {place}: expected no NUL character")
        for place, text in {
            "data_dir": r'data_dir = "a\u0000b"',
            "database_url": r'database_url = "sqlite:///a\u0000b"',
            "allow_private.1": r'allow_private = ["::1", "a\u0000"]',
            "sources.0.location": SOURCE.replace("feed", "folder").replace("https", r"\u0000"),
            "topics.0.any_of.0": TOPIC + r'any_of = ["\u0000"]',
            "fetch.redirects.a": r'fetch.redirects.a = "\u0000"',
            "tittle.a": r'tittle.a = "\u0000"',
        }.items()
    },
    **{
        f"base {url}": (f'base_url = "{url}"', "wire.toml: base_url: expected an http or https URL without query")
        for url in (
            *("http://x:abc", "http://x:99999", "http://[::1", "http://x/<script>", "http://u:p@x", "http:///x"),
            *("http://x y", "//x", "http://x:", "http://x#top"),
        )
    },
    "Redis behind no port": ('redis_url = "redis://h:notaport/0"', "wire.toml: redis_url: expected a redis://, rediss"),
    "Redis without a number": (
        'redis_url = "redis://h:6379/x"',
        "wire.toml: redis_url: expected a redis://, rediss://",
    ),
    "Redis without a socket": ('redis_url = "unix://redis"', "wire.toml: redis_url: expected a redis://, rediss:// or"),
    **{
        f"Redis with {option}": (f'redis_url = "redis://h?{option}"', f"wire.toml: redis_url: option '{name}': exp")
        for option, name in {
            "foo=1": "foo",
            "ssl=true": "ssl",
            "db=abc": "db",
            "ssl_cert_reqs=none": "ssl_cert_reqs",
            "socket_timeout=60": "socket_timeout",
            "username=a&decode_responses=1": "decode_responses",
        }.items()
    },
    "Redis of no kind": ('redis_url = "localhost"', "wire.toml: redis_url: expected a redis://, rediss:// or unix://"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_refused(load: Load, case: str) -> None:
    """Each mistake gives one line that names file, key and what was expected."""
    text, expected = WRONG[case]
    with pytest.raises(ConfigurationError) as caught:
        load(text)
    [line] = caught.value.problems
    assert expected in line
    assert Path(line.split(": ")[0]).is_absolute()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("TITEL", "x", "environment: SYNDICATE_TITEL: no such setting; docs/configuration.md lists them"),
        ("FETCH_REDIRECTS", "many", "environment: fetch.redirects: Input should be a valid integer"),
        (
            "SOURCES",
            "[",
            "environment: SYNDICATE_SOURCES: not valid JSON: Expecting value: line 1 column 2 (char 1); exp",
        ),
        (
            "TOPICS",
            "x",
            "environment: SYNDICATE_TOPICS: not valid JSON: Expecting value: line 1 column 1 (char 0); expec",
        ),
        ("BOILERPLATE", '[{"key": "card", "text": "Join us", "txt": ""}]', "environment: boilerplate.0.txt: no such"),
        ("BOILERPLATE", "{}", "environment: boilerplate: Input should be a valid tuple"),
        ("INGEST_MAX_INTERVAL_SECONDS", "60", "environment: ingest.max_interval_seconds: 60 is less than ingest.min"),
        ("TOPICS", r'[{"key": "a", "title": "\u0000"}]', "environment: topics.0.title: expected no NUL character"),
        ("DATA_DIR", "a\udcff", "environment: data_dir: expected no NUL character, and UTF-8"),
        ("DATA_DIR", str(PACKAGE / "a" / ".." / "var"), "environment: data_dir: expected a folder outside of the prog"),
        ("SOURCES", "[" * 50_000, "environment: a list is nested too deeply"),
        ("LOG_LEVEL", "loud", "environment: log_level: Input should be 'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_wrong_variable_is_refused(load: Load, variable: str, value: str, expected: str) -> None:
    """A misspelt variable or a wrong value in the environment is said to stand there, not in the file."""
    with pytest.raises(ConfigurationError) as caught:
        load(**{variable: value})
    [line] = caught.value.problems
    assert line.startswith(expected)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATA_DIR", "/srv/wire\r"),
        ("DATABASE_URL", "postgresql://wire:secret@db/wire "),
        ("DATABASE_URL", "sqlite:////srv/wire.db\n"),
        ("REDIS_URL", " redis://:secret@redis:6379/0"),
        ("REDIS_URL", "redis://:secret@redis:6379/0\r"),
    ],
)
def test_a_blank_around_a_place_is_refused(load: Load, variable: str, value: str) -> None:
    """With it another folder or database would be made and used in silence; what may be secret is not shown."""
    with pytest.raises(ConfigurationError) as caught:
        load(**{variable: value})
    [line] = caught.value.problems
    assert line.startswith(f"environment: {variable.lower()}: expected no blank and no line end")
    assert "secret" not in line


@pytest.mark.parametrize("token", ["tök€n", "secret\r", " secret ", "se cret"])
def test_a_token_that_nobody_could_send_is_refused(load: Load, token: str) -> None:
    """What a header does not carry as it is would let nobody in; it is not shown."""
    with pytest.raises(ConfigurationError) as caught:
        load(ADMIN_TOKEN=token)
    [line] = caught.value.problems
    assert line.startswith("environment: admin_token: expected only letters, digits and signs of ASCII")
    assert token.strip() not in line


def test_the_store_is_in_the_data_folder_whatever_its_name() -> None:
    """What means something in an address means nothing in the name of the data folder."""
    folder = Path("/tmp/ö ?b#c%41@d:e+f")
    assert checked(Settings(data_dir=folder).store_url).database == str(folder / "syndicate.db")


@pytest.mark.parametrize("name", ["syndicate_title", "Syndicate_Bind", "SYNDICATE_title", "syndicate_config"])
def test_a_variable_has_one_spelling(load: Load, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A variable that is not in capitals is refused like a misspelt one, and neither taken nor ignored."""
    monkeypatch.setenv(name, "x:1")
    with pytest.raises(ConfigurationError, match=f"^environment: {name}: no such setting"):
        load()


def test_no_number_is_without_a_ceiling(load: Load) -> None:
    """What would overflow a date, a timer or a limit of the system later is refused when it is read."""
    for name in variables():
        section, _, key = name.removeprefix("SYNDICATE_").lower().partition("_")
        values = Settings().model_dump().get(section)
        if isinstance(values, dict) and isinstance(values[key], int | float) and values[key] is not True:
            for number in ("1e30", "inf", "nan") if isinstance(values[key], float) else ("9" * 15,):
                with pytest.raises(ValidationError, match=r"less than|finite"):
                    Settings(**{section: {key: number}})


@pytest.mark.parametrize(
    "address",
    [
        *("redis://h", "redis://h:6379", "rediss://u:p@h:6379/15", "redis://[::1]:6379/0", "unix:///run/redis.sock"),
        *("unix:///run/redis.sock?db=3&password=p%40ss", "redis://h?username=ann&password=p&client_name=wire"),
        *(
            "rediss://h?ssl_cert_reqs=none&ssl_check_hostname=False",
            "rediss://h/0?ssl_ca_certs=/ca.pem&ssl_ca_path=/ca",
        ),
        "rediss://h?ssl_certfile=/c.pem&ssl_keyfile=/k.pem&ssl_password=p&ssl_cert_reqs=optional",
    ],
)
def test_redis_may_be_anywhere(load: Load, address: str) -> None:
    """Hosts, ports, databases, sockets and options that the client understands are taken as they are."""
    assert load(REDIS_URL=address).redis_url == address
    Redis.from_url(address).connection_pool.make_connection()


@pytest.mark.parametrize(
    ("bind", "base"),
    [
        ("0.0.0.0:80", "http://localhost:80"),
        ("[::]:80", "http://localhost:80"),
        ("[::1]:65535", "http://[::1]:65535"),
        ("wire-1.example:1", "http://wire-1.example:1"),
        ("3com:80", "http://3com:80"),
    ],
)
def test_what_we_listen_on_makes_addresses(load: Load, bind: str, base: str) -> None:
    """Names, IPv4 addresses and IPv6 addresses in brackets are taken; one for all is localhost to partners."""
    assert load(BIND=bind).public_url == base


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("HTTPS://Wire.example/", "https://Wire.example"),
        ("http://[::1]:8080/wire", "http://[::1]:8080/wire"),
        ("http://localhost:80", "http://localhost:80"),
        ("https://zürich.example/a/b/", "https://zürich.example/a/b"),
    ],
)
def test_the_public_address_has_one_form(load: Load, written: str, base: str) -> None:
    """Everything that partners can follow is taken, without a slash at its end and with its scheme in lower case."""
    assert load(BASE_URL=written).public_url == base


@pytest.mark.parametrize(
    ("base", "subscribes"),
    [
        ("", False),
        ("https://wire.example.org", True),
        ("http://10.0.0.7:8080", True),
        ("http://[2001:db8::1]", True),
        ("http://localhost:8080", False),
        ("http://wire.localhost", False),
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
    ],
)
def test_hubs_are_subscribed_to_where_they_can_reach_us(load: Load, base: str, subscribes: bool) -> None:
    """That is so where our address is known, and is not this machine's own; whoever knows better says so."""
    assert load(BASE_URL=base).subscribes is subscribes
    assert load(BASE_URL=base, HUB_SUBSCRIBE="true").subscribes
    assert not load(BASE_URL=base, HUB_SUBSCRIBE="false").subscribes


def test_a_trial_is_told_of_like_any_problem(load: Load) -> None:
    """What the parts say against their settings is said with its file, or the environment, and the key."""
    with pytest.raises(ConfigurationError) as caught:
        load('include = ["more.toml"]', {"more.toml": SOURCE}, TITLE="x", trial=lambda _: PROBLEMS)
    assert [line.rpartition("/")[2] for line in caught.value.problems] == [
        "environment: title: too short",
        "wire.toml: contact: nobody there",
        "more.toml: sources.0.language: which?",
    ]


def test_the_included_file_is_named(load: Load) -> None:
    """A mistake in an included file names that file, and only sources and topics may stand there."""
    for content, expected in {
        'title = "x"': "more.toml: title: only [[sources]], [[topics]] and [[boilerplate]] are read from included",
        SOURCE: "more.toml: sources.1: key 'lake' stands twice",
        TOPIC + "title2 = 3": "more.toml: topics.0.title2: no such setting",
        "sources = 3": "more.toml: sources: found '3'",
        '[[boilerplate]]\nkey = "card"\ntext = "*"': "more.toml: boilerplate.0: text '*': expected a block's text",
    }.items():
        with pytest.raises(ConfigurationError) as caught:
            load('include = ["more.toml"]\n' + SOURCE, {"more.toml": content})
        assert expected in caught.value.problems[0]


def test_every_problem_has_its_line(load: Load) -> None:
    """Several mistakes are said at once, and none of the lines holds a secret."""
    with pytest.raises(ConfigurationError) as caught:
        load('tittle = "x"\nredis_url = "hunter2"\nadmin_token = 77123\n[fetch]\nredirects = -1\n')
    assert len(caught.value.problems) == 4
    assert not re.search("hunter2|77123", str(caught.value))


def test_a_named_file_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SYNDICATE_CONFIG that names no file is an error, not an empty configuration."""
    monkeypatch.setenv("SYNDICATE_CONFIG", str(tmp_path / "gone.toml"))
    with pytest.raises(ConfigurationError, match=r"gone\.toml: not found; expected the configuration file"):
        configuration.load()


def test_advice_says_what_will_not_work(tmp_path: Path) -> None:
    """A missing folder, a topic without a rule and a rule without words are readable settings, and worth a word."""
    settings = Settings(
        sources=(SourceSpec("in", "folder", str(tmp_path / "gone")), SourceSpec("ok", "folder", str(tmp_path))),
        topics=(
            TopicSpec("empty", "Empty"),
            TopicSpec("full", "Full", any_of=("word", "7", "🎉", "C++")),
            TopicSpec("all", "All"),
            TopicSpec("blank", "Blank", categories=(" ",), none_of=("*",)),
        ),
    )
    assert advice(settings) == (
        f"sources.in: location: {str(tmp_path / 'gone')!r} is no folder; expected an existing one",
        "topics.empty: no rule; expected one of sources, categories, any_of, all_of",
        "topics.blank: categories: ' ' says nothing; expected a word, a number or a sign at least",
        "topics.blank: none_of: '*' says nothing; expected a word, a number or a sign at least",
    )
    assert advice(Settings(topics=(TopicSpec("all", "All", none_of=("ad",)),))) == (
        "topics.all: it holds every article; expected no rule",
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"location": "ftp://x"}, "location 'ftp://x': expected an http or https address"),
        ({"location": "ftp://ann:secret@x/feed"}, "location: expected an address without user and password"),
        ({"location": "https://ann:secret@lake.example/feed"}, "location: expected an address without user and"),
        ({"key": "A"}, "key 'A': expected 1 to 64 of"),
        ({"cron": "* *"}, "cron '* *': not five fields but 2"),
        ({"every": -5}, "every -5: expected 1 to 31536000 seconds"),
        ({"every": "often"}, "every: Input should be a valid integer"),
        ({"speed": "high"}, "speed: no such setting; expected one of article_pattern, cron,"),
        ({"title": "a\udcff"}, "title: expected no NUL character, and UTF-8"),
        ({"kind": "folder", "location": "a\0"}, "location: expected no NUL character, and UTF-8"),
        ({"titel": "x"}, "titel: no such setting; expected perhaps 'title'"),
        ({"article_pattern": "("}, "article_pattern '(': missing ), unterminated subpattern"),
        ({"kind": "folder", "location": "/not/here"}, "location: '/not/here' is no folder"),
        ({"kind": "folder", "location": ""}, "location: expected the path of a folder"),
    ],
)
def test_a_wrong_source_is_refused(given: dict[str, Any], expected: str) -> None:
    """A source that an admin declares is checked like one of the configuration."""
    with pytest.raises(UsageError) as caught:
        declared_source({"key": "lake", "kind": "feed", "location": "https://lake.example/feed"} | given)
    assert expected in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_declared_folder_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that an admin names by a relative path starts where the admin stands."""
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    assert declared_source({"key": "in", "kind": "folder", "location": "in"}).location == str(tmp_path / "in")


def test_every_setting_is_documented() -> None:
    """docs/configuration.md has a row for every setting, with its variable and its default, and no other row."""
    rows = re.findall(
        r"^\| `([a-z_.]+)` \| `(SYNDICATE_\w+)` \| (.*?) \| (.+?) \|$", DOCUMENT.read_text(), re.MULTILINE
    )
    assert [variable for _, variable, _, _ in rows] == list(variables())
    defaults = Settings().model_dump()
    for name, variable, default, _ in rows:
        section, _, key = name.rpartition(".")
        value = (defaults[section] if section else defaults)[key]
        assert variable == f"SYNDICATE_{name.replace('.', '_')}".upper()
        written = str(value).lower() if isinstance(value, bool) else value
        assert default == ("" if value in (None, "", ()) else f"`{written}`")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("## Sources", SourceSpec), ("## Topics", TopicSpec), ("## Boilerplate", HouseRule)],
)
def test_every_key_of_a_table_is_documented(heading: str, kind: type[SourceSpec | TopicSpec | HouseRule]) -> None:
    """docs/configuration.md lists the keys of sources, topics and boilerplate rules in their order."""
    chapter = DOCUMENT.read_text().partition(heading + "\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", chapter, re.MULTILINE) == [field.name for field in fields(kind)]
