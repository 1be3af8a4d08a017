"""Lays an application out in place: source tree, path file, metadata, console scripts, bytecode, times.

Everything it writes follows from its input alone, so that the same sources give the same layer anywhere.
"""

import argparse
import compileall
import configparser
import hashlib
import os
import py_compile
import re
import shutil
import sys
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10 and older; pip brings its own copy
    from pip._vendor import tomli as tomllib

# zip files cannot hold a time before 1980.
EPOCH = 315532800
# Where the content decides: a span of thirty years that has passed.
SPAN = 30 * 365 * 24 * 3600


def main():
    options = parse_arguments()
    out = Path(options.out)
    project = out / options.place.lstrip("/")
    for tree in options.tree:
        source, _, place = tree.partition(":")
        copy(Path(source), out / place.lstrip("/"))
    for name in options.without:
        (project / name).unlink(missing_ok=True)
    site = out / options.site.lstrip("/")
    site.mkdir(parents=True, exist_ok=True)
    (site / f"_{options.distribution.replace('-', '_')}.pth").write_text("".join(p + "\n" for p in options.path))
    install_metadata(read_metadata(project), site, out / options.bin.lstrip("/"), options.python)
    for top in sorted({out / tree.partition(":")[2].lstrip("/") for tree in options.tree}):
        compileall.compile_dir(
            top,
            maxlevels=99,
            quiet=2,
            stripdir=options.out,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    normalise(out)


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True, help="folder whose content becomes the layer")
    parser.add_argument("--place", required=True, help="where the project belongs in the image")
    parser.add_argument("--site", required=True, help="site-packages of the virtualenv in the image")
    parser.add_argument("--bin", required=True, help="folder of console scripts in the image")
    parser.add_argument("--python", required=True, help="interpreter for console scripts")
    parser.add_argument("--distribution", required=True)
    parser.add_argument("--tree", action="append", default=[], help="SOURCE:PLACE, a folder or file to copy")
    parser.add_argument("--path", action="append", default=[], help="folder for the import path")
    parser.add_argument("--without", action="append", default=[], help="file of the project to leave out")
    return parser.parse_args()


def copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)


def read_metadata(project):
    """Name, version and entry points as far as they are written down; None for a project without a name."""
    pyproject = project / "pyproject.toml"
    tables = tomllib.loads(pyproject.read_text("utf-8")) if pyproject.is_file() else {}
    poetry = tables.get("tool", {}).get("poetry", {})
    static = {**poetry, **tables.get("project", {})}
    groups = {
        "console_scripts": {k: v for k, v in {**poetry.get("scripts", {}), **static.get("scripts", {})}.items() if isinstance(v, str)},
        "gui_scripts": static.get("gui-scripts", {}),
        **{name: dict(entries) for name, entries in {**poetry.get("plugins", {}), **static.get("entry-points", {})}.items()},
    }
    name, version = static.get("name"), static.get("version")
    setup = configparser.ConfigParser(interpolation=None)
    setup.optionxform = str
    if (project / "setup.cfg").is_file():
        setup.read(project / "setup.cfg", "utf-8")
        name = name or setup.get("metadata", "name", fallback=None)
        version = version or setup.get("metadata", "version", fallback=None)
        for group, lines in (setup["options.entry_points"] if setup.has_section("options.entry_points") else {}).items():
            pairs = (line.partition("=") for line in lines.splitlines() if "=" in line)
            groups.setdefault(group, {}).update({key.strip(): value.strip() for key, _, value in pairs})
    if not name:
        return None
    if not version or not re.fullmatch(r"v?[0-9][A-Za-z0-9.!+_-]*", version):
        version = "0.0.0"
    return {
        "name": name,
        "version": version,
        "summary": static.get("description"),
        "groups": {group: entries for group, entries in groups.items() if entries},
    }


def install_metadata(metadata, site, bin_folder, python):
    if metadata is None:
        return
    stem = re.sub(r"[-_.]+", "_", metadata["name"]).lower()
    info = site / f"{stem}-{metadata['version']}.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.1", f"Name: {metadata['name']}", f"Version: {metadata['version']}"]
    if metadata["summary"]:
        lines.append("Summary: " + " ".join(metadata["summary"].split()))
    (info / "METADATA").write_text("\n".join(lines) + "\n", "utf-8")
    (info / "INSTALLER").write_text("docker-python\n")
    if metadata["groups"]:
        (info / "entry_points.txt").write_text(
            "\n".join(
                f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in sorted(entries.items()))
                for group, entries in sorted(metadata["groups"].items())
            ),
            "utf-8",
        )
    scripts = {**metadata["groups"].get("console_scripts", {}), **metadata["groups"].get("gui_scripts", {})}
    for name, target in sorted(scripts.items()):
        write_script(bin_folder, name, target, python)
    # The files of this distribution, as importlib.metadata.files() asks for them.
    names = sorted(f"{info.name}/{path.name}" for path in info.iterdir()) + [f"{info.name}/RECORD"]
    (info / "RECORD").write_text("".join(f"{name},,\n" for name in names))


def write_script(bin_folder, name, target, python):
    module, _, attribute = target.partition("[")[0].strip().partition(":")
    if "/" in name or not re.fullmatch(r"[\w.]+", module) or not re.fullmatch(r"[\w.]+", attribute or "x"):
        sys.exit(f"application: the entry point {name!r} = {target!r} is not of the form module:function")
    bin_folder.mkdir(parents=True, exist_ok=True)
    call = f"{attribute}()" if attribute else ""
    top = attribute.partition(".")[0]
    importing = f"from {module} import {top}" if attribute else f"import {module}"
    script = bin_folder / name
    script.write_text(f"#!{python}\nimport sys\n{importing}\n\nif __name__ == '__main__':\n    sys.exit({call})\n")
    script.chmod(0o755)


def normalise(out):
    """Modes and times that no checkout, umask or clock can change."""
    for folder, folders, files in os.walk(out):
        for name in files:
            path = Path(folder, name)
            if path.is_symlink():
                os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)
                continue
            path.chmod(0o755 if path.stat().st_mode & 0o111 else 0o644)
            # Servers make ETags of time and size: the time has to follow the content, else an edit of equal
            # length would be answered with "304 Not Modified".
            time = EPOCH + int.from_bytes(hashlib.sha256(path.read_bytes()).digest()[:4], "big") % SPAN
            os.utime(path, (time, time))
        for name in folders:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755)
    for folder, folders, _ in os.walk(out, topdown=False):
        for path in [Path(folder, name) for name in folders] + [Path(folder)]:
            os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)


main()
