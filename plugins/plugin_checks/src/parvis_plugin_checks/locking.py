"""`parvis plugins lock` and `install`: the digests of wheels that were judged, and these very wheels installed."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import distributions
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import click
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from parvis_sdk.testing.laid_out import NoPlugin, unpack

LOCK = Path("plugins.lock")
FIRST = "# Wheels that were judged: parvis plugins install checks each digest.\n"
ONE_SOURCE = "give one of --wheels and --index"
WHEELS_ONLY = ("--only-binary", ":all:")  # what has to be built first runs code that nobody judged


class Unlockable(click.ClickException):
    """What was named cannot be locked or installed; the message says why."""

    exit_code = 2


@click.command()
@click.argument("names", nargs=-1)
@click.option("--wheels", type=click.Path(path_type=Path, file_okay=False, exists=True), help="A folder of wheels.")
@click.option("--index", help="The address of a private package index.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=LOCK, show_default=True)
def lock(names: tuple[str, ...], wheels: Path | None, index: str | None, output: Path) -> None:
    """Write down version and digest of each wheel: those of a folder, or NAMES as an index has them (`acme-dogs==1.2`).

    Give one of --wheels and --index. Only what is named is locked: what it needs beside the host is named as well.
    """
    if (wheels is None) == (index is None):
        raise click.UsageError(ONE_SOURCE)
    if wheels is not None:
        lines = [*locked(wheels, names)]
    elif not names:
        raise click.UsageError("name what is to be locked: an index has too much")
    else:
        lines = compiled(names, str(index))
    output.write_text(FIRST + "".join(f"{line}\n" for line in lines), "utf-8")
    count = sum("==" in line for line in lines)
    click.echo(f"{output}: {count} {'distribution' if count == 1 else 'distributions'}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), default=LOCK)
@click.option("--wheels", type=click.Path(path_type=Path, file_okay=False, exists=True), help="A folder of wheels.")
@click.option("--index", help="The address of a private package index.")
def install(file: Path, wheels: Path | None, index: str | None) -> None:
    """Install what a lock names, where Parvis is installed; a wheel with another digest is refused.

    Nothing else is installed; what a plugin needs and nobody locked is told at the end. Look first with `parvis plugins
    check` and `parvis plugins changes`, and restart serve and work afterwards.
    """
    if (wheels is None) == (index is None):
        raise click.UsageError(ONE_SOURCE)
    if not any("==" in line for line in file.read_text("utf-8", "replace").splitlines()):
        raise Unlockable(f"{file} names no wheel: nothing was installed")
    source = ["--no-index", "--find-links", str(wheels)] if wheels is not None else ["--index-url", str(index)]
    words = ["--require-hashes", "--no-deps", *WHEELS_ONLY, "-r", str(file), *source]
    if subprocess.run([*installer("install"), *words], check=False).returncode:  # noqa: S603  an operator's own words
        raise Unlockable("nothing was installed")
    subprocess.run(installer("check"), check=False)  # noqa: S603
    click.echo("installed; restart serve and work")


def installer(what: str) -> list[str]:
    """The command of pip in this environment, or of uv where it has none: what is resolved and checked is theirs."""
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return [*pip, what]
    if uv := which("uv"):
        return [uv, "pip", what, "--python", sys.executable]
    raise Unlockable("neither pip nor uv is here: install one of them beside Parvis")


def locked(folder: Path, names: Sequence[str]) -> Iterator[str]:
    """A line of requirements for each wheel of a folder, or for those that are named."""
    wanted, seen = {canonicalize_name(each) for each in names}, dict[str, Path]()
    for wheel in sorted(folder.glob("*.whl")):
        name, version = told_by(wheel)
        if wanted and name not in wanted:
            continue
        if (other := seen.setdefault(name, wheel)) != wheel:
            raise Unlockable(f"{other.name} and {wheel.name} are two of one distribution: leave one in the folder")
        yield f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
    if missing := sorted(wanted - seen.keys()):
        raise Unlockable(f"{folder} has no wheel of {', '.join(missing)}")
    if not seen:
        raise Unlockable(f"{folder} has no wheel")


def told_by(wheel: Path) -> tuple[str, Version]:
    """The name and the version of a wheel, where its file and what is in it say the same.

    What is written into a lock is read by pip: no line of it may be of a vendor's own making.
    """
    try:
        name, version, _, _ = parse_wheel_filename(wheel.name)
        with TemporaryDirectory() as place:
            unpack(wheel, Path(place))
            [found] = distributions(path=[place])
            told, told_version = found.name, found.version
        said = (canonicalize_name(told, validate=True), Version(told_version))
    except ValueError as error:
        raise Unlockable(f"{wheel} cannot be read as a wheel: {error}") from error
    except NoPlugin as error:
        raise Unlockable(str(error)) from error
    if said != (name, version):
        raise Unlockable(f"{wheel} says in itself that it is {told} {told_version}: build it anew")
    return name, version


def compiled(names: Sequence[str], index: str) -> list[str]:
    """What uv finds of these on an index, with every digest that the index has of it."""
    uv = which("uv")
    if uv is None:
        raise Unlockable("uv is not here, which asks an index: install it, or lock a folder of wheels")
    words = ["pip", "compile", "--generate-hashes", "--no-deps", "--no-header", "--no-annotate", *WHEELS_ONLY]
    words += ["--index-url", index]
    ran = subprocess.run(  # noqa: S603  an operator's own words
        [uv, *words, "--quiet", "-"], input="\n".join(names), capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise Unlockable(ran.stderr.strip() or "uv found nothing")
    lines = ran.stdout.splitlines()
    if bare := [each for each in lines if "==" in each and not each.endswith("\\")]:
        raise Unlockable(f"{index} gives no digest of {', '.join(bare)}: download the wheel and lock its folder")
    return lines
