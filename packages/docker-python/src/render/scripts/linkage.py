"""Checks that every shared library of a virtualenv finds the libraries that it needs on this system.

  linkage.py VIRTUALENV TABLE [LIBRARY...]

TABLE has lines `library package`: which system package to name for a missing library. LIBRARY... may be missing.
Standard library only; runs in the base of the image, with its own ldd.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Brought by the driver of the host when a container with a GPU starts, or by another C library.
FROM_HOST = re.compile(r"lib(cuda|nvidia-ml|nvcuvid|nvidia-encode|nvoptix|OpenCL)\.so|libc\.musl-|ld-musl-")
ELF = b"\x7fELF"
# Plugins are opened if somebody asks for them; a wheel's own copies of libraries count where a module reaches them.
OPENED_ON_DEMAND = re.compile(r"/plugins/|/[^/]+\.libs/")
# Enough for one command line, whatever the length of the paths.
BATCH = 100


def main(environment, table, *optional):
    if not shutil.which("ldd"):
        print("linkage: this base has no ldd, so shared libraries were not checked")
        return
    libraries = [path for path in sorted(Path(environment).rglob("*.so*")) if is_elf(path)]
    names = {path.name for path in libraries}
    missing, on_demand = {}, {}
    for start in range(0, len(libraries), BATCH):
        for path, name in unresolved(libraries[start : start + BATCH]):
            # A package may load a neighbour before it loads what needs it.
            if name not in names and name not in optional and not FROM_HOST.match(name):
                found = on_demand if OPENED_ON_DEMAND.search(str(path)) else missing
                found.setdefault(name, []).append(path)
    for name, paths in sorted(on_demand.items()):
        print(f"linkage: {name} is missing, which {paths[0]} needs if it is used")
    if missing:
        sys.exit(explain(missing, owners(environment), read_table(table)))


def is_elf(path):
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == ELF


def unresolved(paths):
    """Pairs of a file and a library, or a version of one, that it needs and that is not there."""
    command = ["ldd", *map(str, paths)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ, LC_ALL="C"))
    current = paths[0]
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        header = re.match(r"(/.*):$", line)
        if header:
            current = Path(header.group(1))
            continue
        absent = re.match(r"\s+(\S+) => not found", line)
        if absent:
            yield current, absent.group(1)
        version = re.search(r"/(\S+?): version `([^']+)' not found", line)
        if version:
            yield current, f"{version.group(2)} of {os.path.basename(version.group(1))}"


def owners(environment):
    """File to the name and version of the distribution that installed it."""
    found = {}
    for record in Path(environment).glob("lib/python*/site-packages/*.dist-info/RECORD"):
        name, _, version = record.parent.name[: -len(".dist-info")].rpartition("-")
        site = record.parent.parent
        for row in csv.reader(record.read_text("utf-8").splitlines()):
            if row:
                found[os.path.normpath(site / row[0])] = f"{name.replace('_', '-')} {version}"
    return found


def read_table(path):
    lines = Path(path).read_text("utf-8").splitlines() if os.path.exists(path) else []
    return dict(line.split() for line in lines if line)


def explain(missing, owner_of, packages):
    lines = ["docker-python: shared libraries are missing in the base image:"]
    for name, paths in sorted(missing.items()):
        users = sorted({owner_of.get(str(path), str(path)) for path in paths})
        lines.append(f"  {name}, needed by {', '.join(users)} ({paths[0].name})")
    known = sorted({packages[name] for name in missing if name in packages})
    if known:
        names = ", ".join(f'"{name}"' for name in known)
        lines.append(f'Add to docker-python.json: "systemPackages": {{ "runtime": [{names}] }}')
    if any(name not in packages for name in missing):
        lines.append('Find the package of each library, and name it under "systemPackages.runtime"; or, if nothing uses it,')
        lines.append('name the library under "systemPackages.optionalLibraries".')
    return "\n".join(lines)


if __name__ == "__main__":
    main(*sys.argv[1:])
