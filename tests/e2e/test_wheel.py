"""The program as it is shipped: a wheel holds all that it needs, and is built from what is locked."""

import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the locked hatchling and without any index."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder))
    subprocess.run([*PIP, "wheel", *options, str(ROOT)], check=True)
    return next(folder.glob("syndicate-*.whl"))


def test_a_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    """Modules, rules, weights, templates and migrations are in it, and the licence and the notice beside them."""
    package = ROOT / "syndicate"
    files = {path.relative_to(ROOT).as_posix() for path in package.rglob("*") if path.is_file()}
    held = set(ZipFile(wheel).namelist())
    assert {name for name in files if "__pycache__" not in name} <= held
    assert {Path(name).name for name in held if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_the_wheel_runs_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Installed by itself beside the packages that it needs, it starts, and cleans an article with all its rules."""
    home = tmp_path / "venv"
    venv.create(home)
    paths = {"base": str(home), "platbase": str(home)}
    ours = Path(sysconfig.get_path("purelib", vars=paths))
    (ours / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    python = home / "bin" / "python"
    subprocess.run(
        [*PIP, "--python", str(python), "install", "--no-deps", "--no-index", "--no-compile", str(wheel)], check=True
    )
    article = tmp_path / "article.txt"
    article.write_text("A headline\n\nThe bridge opens on Monday.\n\nFollow us on Facebook!\n", encoding="utf-8")
    for arguments, told in ((["--help"], "doctor"), (["clean", str(article)], "The bridge opens on Monday.")):
        run = [str(home / "bin" / "syndicate"), *arguments]
        done = subprocess.run(run, cwd=tmp_path, env={}, capture_output=True, text=True, check=True)
        assert told in done.stdout
    where = [str(python), "-c", "import syndicate; print(syndicate.__file__)"]
    assert str(ours) in subprocess.run(where, cwd=tmp_path, env={}, capture_output=True, text=True, check=True).stdout


def test_the_image_installs_only_what_is_locked() -> None:
    """Its Python is the one that the locks and the type checker go by, and nothing is fetched without a hash."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pythons = set(re.findall(r"FROM python:([\d.]+)", dockerfile))
    assert pythons == {declared["tool"]["mypy"]["python_version"]}
    assert pythons == set(re.findall(r"--python-version ([\d.]+)", (ROOT / "Makefile").read_text(encoding="utf-8")))
    installs = re.findall(r"-m pip (?:install|wheel).*", dockerfile)
    assert len(installs) == 4
    locked = ("--require-hashes", "--no-build-isolation", "--no-index")
    assert [line for line in installs if not any(option in line for option in locked)] == []
