"""Looks at the image that it runs in and prints what it finds as one line of JSON.

  survey.py USER

USER is what the image says about its user: `10001:0`, a name, or nothing. Starts none of the image's own programs but
ldd. Standard library only; run it as root, so that nothing is hidden from it.
"""

import grp
import importlib.metadata
import importlib.util
import json
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import zoneinfo
from pathlib import Path

# Enough to see what is meant.
EXAMPLES = 3
ARBITRARY = 54321
COMPILERS = ("gcc", "cc", "g++", "c++", "clang", "make", "ld", "rustc", "cargo")
MANAGERS = ("pip", "pip3", "uv", "uvx", "poetry", "pdm", "pipenv", "conda")
# Zip files, and so wheels, know no earlier time. A fixed time is one that many builds have set before.
ZIP_EPOCH = 315532800
RECENT = 1577836800
BATCH = 100
# What no service imports. Slim images lack most of it.
NOT_FOR_SERVICES = re.compile(r"/(idlelib|turtledemo|lib2to3|ensurepip)/")
ELF = b"\x7fELF"


def main(user=""):
    uid, gid = identity(user)
    code = code_folders()
    files = list(walk("/"))
    ours = [entry for entry in files if below(entry[0], code)]
    sources = [path for path, _ in ours if path.endswith(".py")]
    stdlib = sysconfig.get_path("stdlib")
    standard = [p for p, _ in files if p.endswith(".py") and below(p, [stdlib]) and "-packages/" not in p]
    print(
        json.dumps(
            {
                "python": "%d.%d.%d" % sys.version_info[:3],
                "dangling": dangling(),
                "libc": libc(),
                "codeFolders": code,
                "compilers": programs(COMPILERS) + headers(files),
                "packageManagers": programs(MANAGERS),
                "setuid": some(path for path, info in files if stat.S_ISREG(info.st_mode) and info.st_mode & 0o6000),
                "leftovers": some(path for path, _ in files if is_leftover(path)),
                "editable": some(path for path, _ in files if re.search(r"/__editable__|\.egg-link$", path)),
                "unresolved": some(unresolved(path for path, _ in files if below(path, [*code, stdlib]))),
                "inconsistent": some(inconsistent()),
                "timestamped": some(timestamped(sources + standard)),
                "uncompiled": some(uncompiled(sources)),
                "uncompiledStdlib": some(uncompiled(path for path in standard if not NOT_FOR_SERVICES.search(path))),
                "early": some(path for path, info in ours if info.st_mtime < ZIP_EPOCH),
                "recent": some(path for path, info in ours if info.st_mtime > RECENT),
                "writable": some(path for path, info in ours if may_write(info, uid, gid)),
                "timeZones": has_time_zones(),
                "secretFiles": some(path for path, info in ours if stat.S_ISREG(info.st_mode) and holds_secrets(path)),
                "home": home(ARBITRARY, 0),
                "nameless": nameless((uid, ARBITRARY)),
            }
        )
    )


def some(found):
    return [path for path, _ in zip(found, range(EXAMPLES))]


def identity(user):
    """The numbers of a user as an image names it."""
    name, _, group = (user or "0").partition(":")
    try:
        entry = pwd.getpwuid(int(name)) if name.isdigit() else pwd.getpwnam(name)
        uid, gid = entry.pw_uid, entry.pw_gid
    except KeyError:
        uid, gid = int(name) if name.isdigit() else 0, 0
    if group:
        gid = int(group) if group.isdigit() else grp.getgrnam(group).gr_gid
    return uid, gid


def code_folders():
    """Where the application and its packages are: the working directory and the import path, without the stdlib."""
    own = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), "/"}
    paths = [os.getcwd(), *(path for path in sys.path if os.path.isdir(path))]
    return sorted({path for path in map(os.path.realpath, paths) if path not in own and "lib-dynload" not in path})


def below(path, folders):
    return any(path.startswith(folder + "/") for folder in folders)


def walk(root):
    """Every path of this file system, without what is mounted into it."""
    device = os.lstat(root).st_dev
    pending = [root]
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            info = entry.stat(follow_symlinks=False)
            if info.st_dev != device:
                continue
            yield entry.path, info
            if stat.S_ISDIR(info.st_mode):
                pending.append(entry.path)


def libc():
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, OSError, ValueError):
        return ""


def dangling():
    """Interpreters on PATH that lead nowhere, as in a virtualenv that was copied from an image with another Python."""
    paths = [os.path.join(f, n) for f in os.environ.get("PATH", "").split(":") for n in ("python", "python3")]
    return [path for path in paths if os.path.islink(path) and not os.path.exists(path)]


def programs(names):
    return [path for path in map(shutil.which, names) if path]


def headers(files):
    return some(path for path, _ in files if re.fullmatch(r"/usr/(local/)?include/[^/]+\.h", path))


def is_leftover(path):
    return bool(
        re.match(r"/var/lib/apt/lists/[^/]+|/root/\.cache/|/var/cache/(apt|dnf|yum|apk)/.*\.(deb|rpm|apk)$", path)
        or path.endswith("/.git")
        or (path.endswith(".whl") and "/ensurepip/" not in path and "/test/" not in path)
    )


def unresolved(paths):
    """`library, needed by file` for each shared library that the loader does not find."""
    if not shutil.which("ldd"):
        return
    libraries = [path for path in paths if ".so" in os.path.basename(path) and is_elf(path)]
    for start in range(0, len(libraries), BATCH):
        batch = libraries[start : start + BATCH]
        done = subprocess.run(["ldd", *batch], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        current = batch[0]
        for line in done.stdout.decode("utf-8", "replace").splitlines():
            header = re.match(r"(/.*):$", line)
            current = header.group(1) if header else current
            absent = re.match(r"\s+(\S+) => not found", line)
            if absent:
                yield f"{absent.group(1)}, needed by {current}"


def is_elf(path):
    try:
        with open(path, "rb") as file:
            return not os.path.islink(path) and file.read(4) == ELF
    except OSError:
        return False


def inconsistent():
    """`a needs b` for requirements without conditions that nobody has installed."""
    distributions = [d for d in importlib.metadata.distributions() if d.metadata["Name"]]
    present = {normalised(d.metadata["Name"]) for d in distributions}
    for distribution in distributions:
        for requirement in distribution.requires or []:
            name = re.match(r"[\w.-]+", requirement).group()
            if ";" not in requirement and normalised(name) not in present:
                yield f"{distribution.metadata['Name']} needs {name}"


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def cache_of(source):
    return importlib.util.cache_from_source(source)


def timestamped(sources):
    """Bytecode that is valid only as long as its source keeps its time. Flags as in PEP 552."""
    for source in sources:
        try:
            with open(cache_of(source), "rb") as file:
                if not file.read(8)[4] & 1:
                    yield cache_of(source)
        except (OSError, IndexError):
            continue


def uncompiled(sources):
    for source in sources:
        if re.search(r"/tests?/|/test_|/idle_test/", source) or os.path.exists(cache_of(source)):
            continue
        try:
            text = Path(source).read_bytes()
            compile(text, source, "exec", dont_inherit=True)
        except Exception:
            continue
        yield source


def may_write(info, uid, gid):
    if stat.S_ISLNK(info.st_mode) or uid == 0:
        return uid == 0
    if info.st_uid == uid:
        return bool(info.st_mode & stat.S_IWUSR)
    return bool(info.st_mode & (stat.S_IWGRP if info.st_gid == gid else stat.S_IWOTH))


def holds_secrets(path):
    """Names that secrets usually have. Packages bring certificates and keys of their tests."""
    name = os.path.basename(path)
    usual = re.fullmatch(r"\.env(\..+)?|\.netrc|\.pypirc|id_(rsa|dsa|ecdsa|ed25519)|.+\.(key|p12|pfx)", name)
    return bool(usual) and "-packages/" not in path and not re.search(r"\.(example|sample|template|dist)$", name)


def has_time_zones():
    try:
        return bool(zoneinfo.ZoneInfo("Europe/Berlin"))
    except Exception:
        return False


def home(uid, gid):
    """The home folder if that user cannot write it, else nothing."""
    folder = os.environ.get("HOME", "")
    try:
        return "" if may_write(os.stat(folder), uid, gid) else folder
    except OSError:
        return folder or "unset"


def nameless(users):
    """Users whom the system does not know. LOGNAME and USER would help getpass, but not pwd."""
    found = []
    for uid in users:
        try:
            pwd.getpwuid(uid)
        except KeyError:
            found.append(uid)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
