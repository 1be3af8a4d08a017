"""Metadata of a project in an image: dist-info, entry points, console scripts; written down or installed."""

import configparser
import csv
import email
import os
import re
import shutil
import sys
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10 and older; the build puts it beside this program
    import tomli as tomllib

# Written by installers about where a wheel came from and when.
VOLATILE = {"direct_url.json", "uv_cache.json"}


def copy_installed(site, wheels, out):
    """The files that one wheel installed, by its own RECORD, without what differs from build to build."""
    (wheel,) = wheels.glob("*.whl")
    infos = [path for path in site.glob("*.dist-info") if normalised(path.name) == normalised(wheel.name)]
    if len(infos) != 1:
        sys.exit(f"application: {wheel.name} is not installed in {site}")
    record = infos[0] / "RECORD"
    rows = [row for row in csv.reader(record.read_text("utf-8").splitlines()) if Path(row[0]).name not in VOLATILE]
    rows = [row for row in rows if not row[0].endswith(".pyc")]
    with record.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(sorted(rows))
    for name, *_ in rows:
        path = Path(os.path.normpath(site / name))
        target = out / str(path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target, follow_symlinks=False)


def normalised(file_name):
    """The distribution's name in the name of a wheel or of its metadata folder. Source: PEP 427, PEP 503."""
    return re.sub(r"[-_.]+", "_", file_name.partition("-")[0]).lower()


def literal_version(path):
    """`__version__ = "1.2"` of a module. Source: what hatch, flit and setuptools read without importing."""
    found = re.search(r"""^(?:__version__|VERSION|version)(?:\s*:[^=\n]+)?\s*=\s*["']([^"']+)["']""", path.read_text("utf-8"), re.M)
    return found.group(1) if found else None


def backend_metadata(folder):
    """What a build backend's metadata hook wrote (PEP 517, prepare_metadata_for_build_wheel)."""
    (info,) = folder.glob("*.dist-info")
    fields = email.message_from_string((info / "METADATA").read_text("utf-8"))
    points = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    points.optionxform = str
    points.read(info / "entry_points.txt", "utf-8")
    groups = {group: dict(points[group]) for group in points.sections()}
    return {"name": fields["Name"], "version": fields["Version"], "summary": fields["Summary"], "groups": groups}


def read_metadata(project, version_from, git_version):
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
    if not version and version_from and (project / version_from).is_file():
        version = literal_version(project / version_from)
    version = version or git_version
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
    # Without it installers take the package for half removed. Source: the format of wheels, "The .dist-info directory".
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nGenerator: docker-python\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
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
