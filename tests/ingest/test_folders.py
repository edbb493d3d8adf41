"""Folders as sources: finished files are taken once, and nothing outside the folder is reached."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate.errors import FetchError, RefusedError
from syndicate.ingest.folders import Folder, Waiting, takes

LATER = datetime.now(UTC) + timedelta(hours=1)  # later than any file of a test run, however long that takes


def lay(folder: Path, name: str, text: str = "An article") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def names(folder: Folder, now: datetime = LATER) -> list[str]:
    return [waiting.name for waiting in folder.waiting(now)]


def test_articles_are_listed_by_name(tmp_path: Path) -> None:
    """Text, Markdown and HTML files, in a steady order; folders and other types are none of ours."""
    for name in ("b.txt", "a.md", "c.HTML", "d.pdf", "e", "f.txt.gz"):
        lay(tmp_path, name)
    (tmp_path / "sub.txt").mkdir()
    assert names(Folder(tmp_path)) == ["a.md", "b.txt", "c.HTML"]


@pytest.mark.parametrize(
    "name",
    (
        ".hidden.txt ~$word.html x.txt~ #x.txt# x.tmp x.part.html x.txt.part x.crdownload _x.txt .x.txt.swp "
        "x.filepart.txt x.TMP.txt .syncthing.x.txt.tmp x\x07y.txt " + "x" * 250 + ".txt"
    ).split(),
)
def test_unfinished_and_hidden_names_are_passed_over(name: str) -> None:
    """What editors and upload tools write first isn't an article yet."""
    assert not takes(name)


def test_a_name_may_speak_of_downloads() -> None:
    """Only the ending in front of the last one is what tools add."""
    assert takes("News.download.party.html")
    assert takes("Wie.upload.filter.funktionieren.txt")


def test_a_file_is_taken_once_it_has_settled(tmp_path: Path) -> None:
    """A file that changed a moment ago may still be written; a copied old date doesn't hide that."""
    path = lay(tmp_path, "a.txt")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    changed = datetime.fromtimestamp(path.stat().st_ctime, UTC)
    folder = Folder(tmp_path, settle=2)
    assert names(folder, changed + timedelta(seconds=1)) == []
    assert names(folder, changed + timedelta(seconds=3)) == ["a.txt"]


def test_a_file_from_the_future_is_taken(tmp_path: Path) -> None:
    """When the clock was set back, files must not wait for it to come round again."""
    lay(tmp_path, "a.txt")
    assert names(Folder(tmp_path), LATER - timedelta(days=400)) == ["a.txt"]


def test_reading_gives_bytes_type_and_time(tmp_path: Path) -> None:
    """A payload says where it came from, what it is and when it was written."""
    path = lay(tmp_path, "ä b.md", "# Höhe")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    folder = Folder(tmp_path)
    payload = folder.read(folder.waiting(LATER)[0])
    assert payload.body == "# Höhe".encode()
    assert payload.url == path.as_uri()
    assert payload.content_type == "text/markdown"
    assert payload.modified == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_files_written_in_one_second_are_told_a_second_apart(tmp_path: Path) -> None:
    """Feeds tell seconds, and order by them: what comes together keeps its order, and what came before stays before."""
    for name, time in (("a.txt", 1_700_000_000.9), ("b.txt", 1_700_000_000.1), ("c.txt", 1_699_999_999), ("d.txt", 9)):
        os.utime(lay(tmp_path, name), (time, time))
    folder = Folder(tmp_path)
    times = [folder.read(waiting).modified for waiting in folder.waiting(LATER)]
    assert [int(time.timestamp()) for time in times if time] == [1_700_000_000, 1_699_999_999, 1_699_999_998, 9]
    assert [waiting.early for waiting in folder.waiting(LATER)] == [0, 1, 1, 0]


def test_a_file_that_changes_after_it_was_listed_waits(tmp_path: Path) -> None:
    """Half of the old and half of the new is no article."""
    path = lay(tmp_path, "a.txt", "half")
    folder = Folder(tmp_path)
    (waiting,) = folder.waiting(LATER)
    path.write_text("half and half")
    with pytest.raises(FetchError, match="still being written"):
        folder.read(waiting)


def test_links_pipes_and_devices_are_not_followed(tmp_path: Path) -> None:
    """A link out of the folder, a pipe that would block and a socket are neither listed nor read."""
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    secret = lay(outside, "secret.txt", "secret")
    (inside / "link.txt").symlink_to(secret)
    (inside / "hosts.txt").symlink_to("/etc/passwd")
    (inside / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(inside / "pipe.txt")
    folder = Folder(inside)
    assert names(folder) == []
    for name in ("link.txt", "hosts.txt", "zero.txt", "pipe.txt"):
        with pytest.raises(FetchError):
            folder.read(Waiting(name, 6, 0))


@pytest.mark.parametrize(
    "name", ["../out/secret.txt", "/etc/passwd", "..", "in/../x.txt", "x/../../out/secret.txt", ""]
)
def test_names_stay_within_the_folder(name: str, tmp_path: Path) -> None:
    """A name is a name, never a way."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    lay(tmp_path / "out", "secret.txt")
    folder = Folder(tmp_path / "in")
    with pytest.raises(RefusedError, match="is not the name"):
        folder.read(Waiting(name, 10, 0))
    with pytest.raises(RefusedError, match="is not the name"):
        folder.done(name)


def test_a_file_replaced_by_a_link_is_not_read(tmp_path: Path) -> None:
    """Between listing and reading a file may become a link to another one, of the same size and time even."""
    (tmp_path / "in").mkdir()
    path, secret = lay(tmp_path / "in", "a.txt", "public"), lay(tmp_path, "secret.txt", "secret")
    path.unlink()
    path.symlink_to(secret)
    seen = secret.stat()
    with pytest.raises(FetchError, match="can't be opened"):
        Folder(tmp_path / "in").read(Waiting("a.txt", seen.st_size, max(seen.st_mtime_ns, seen.st_ctime_ns)))


def test_huge_files_are_refused_unread(tmp_path: Path) -> None:
    """A file beyond the limit costs nothing, even one of a terabyte."""
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(1 << 40)
    folder = Folder(tmp_path, limit=1_000)
    with pytest.raises(RefusedError, match="at most 1000"):
        folder.read(folder.waiting(LATER)[0])


def test_taken_files_move_and_never_overwrite(tmp_path: Path) -> None:
    """Files of the same name lie beside each other in `done/`."""
    folder = Folder(tmp_path)
    for text in ("one", "two", "three"):
        lay(tmp_path, "a.txt", text)
        folder.done("a.txt")
    assert {path.name: path.read_text() for path in (tmp_path / "done").iterdir()} == {
        "a.txt": "one",
        "a-2.txt": "two",
        "a-3.txt": "three",
    }
    assert names(folder) == []


def test_long_names_are_shortened_where_they_move(tmp_path: Path) -> None:
    """A name of nearly all the bytes that there are leaves room for its number and for its reason."""
    folder, name = Folder(tmp_path), "ü" * 125 + ".txt"
    for text in ("one", "two"):
        lay(tmp_path, name, text)
        moved = folder.failed(name, text)
        assert (tmp_path / "failed" / moved).read_text() == text
        assert (tmp_path / "failed" / f"{moved}.reason").read_text() == f"{text}\n"
    assert moved == "ü" * 121 + "-2.txt"


def test_a_failed_file_has_its_reason_beside_it(tmp_path: Path) -> None:
    """Whoever looks into `failed/` sees why, and can lay the file back."""
    lay(tmp_path, "a.txt")
    assert Folder(tmp_path).failed("a.txt", "no title and no body") == "a.txt"
    assert (tmp_path / "failed" / "a.txt").exists()
    assert (tmp_path / "failed" / "a.txt.reason").read_text() == "no title and no body\n"


def test_a_reason_is_not_written_through_a_link(tmp_path: Path) -> None:
    """A link laid in `failed/` before a file fails would let somebody choose what we overwrite."""
    inside, victim = tmp_path / "in", lay(tmp_path, "victim", "precious")
    (inside / "failed").mkdir(parents=True)
    (inside / "failed" / "a.txt.reason").symlink_to(victim)
    lay(inside, "a.txt")
    with pytest.raises(FetchError, match="can't be written"):
        Folder(inside).failed("a.txt", "no title")
    assert victim.read_text() == "precious"


def test_moving_a_file_that_is_gone_changes_nothing(tmp_path: Path) -> None:
    """Two runs that overlap don't trip over each other."""
    folder = Folder(tmp_path)
    assert folder.done("a.txt") == ""
    assert folder.failed("a.txt", "why") == ""
    assert list((tmp_path / "done").iterdir()) == []


def test_a_linked_done_folder_is_not_used(tmp_path: Path) -> None:
    """A link in the place of `done/` would let somebody choose where our files go."""
    (tmp_path / "elsewhere").mkdir()
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "done").symlink_to(tmp_path / "elsewhere")
    lay(inside, "a.txt")
    with pytest.raises(FetchError, match="can't be moved"):
        Folder(inside).done("a.txt")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (inside / "a.txt").exists()


def test_a_missing_folder_is_a_failure_with_its_name(tmp_path: Path) -> None:
    """The report says which folder could not be opened."""
    with pytest.raises(FetchError, match="nowhere"):
        Folder(tmp_path / "nowhere").waiting(LATER)
