"""Lays an application out in place: source tree, path file, metadata, console scripts, bytecode, times.

Everything it writes follows from its input alone, so that the same sources give the same layer anywhere.
"""

import argparse
import compileall
import hashlib
import os
import py_compile
import re
import shutil
from pathlib import Path

from metadata import backend_metadata, copy_installed, install_metadata, read_metadata

# zip files cannot hold a time before 1980.
EPOCH = 315532800
# Where the content decides: a span of thirty years that has passed.
SPAN = 30 * 365 * 24 * 3600
# Folders that tools leave behind on one machine and not on the next. Their content is excluded, they come along empty.
LEFT_BEHIND = re.compile(r"\..+|.+\.egg-info|__pycache__|node_modules|venv|htmlcov")


def main():
    options = parse_arguments()
    options.work(options)


def parse_arguments():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    place = commands.add_parser("place", help="copy the sources to where they belong in the image")
    place.set_defaults(work=place_sources)
    place.add_argument("--tree", action="append", default=[], help="SOURCE:PLACE, a folder or file to copy")
    place.add_argument("--without", action="append", default=[], help="file or folder to leave out")
    finish = commands.add_parser("finish", help="make a layer of what lies there now")
    finish.set_defaults(work=finish_layer)
    finish.add_argument("--out", required=True, help="folder whose content becomes the layer")
    finish.add_argument("--top", action="append", default=[], help="folder or file that goes into the layer")
    finish.add_argument("--project", required=True, help="where the project lies")
    finish.add_argument("--site", required=True, help="site-packages of the virtualenv in the image")
    finish.add_argument("--bin", required=True, help="folder of console scripts in the image")
    finish.add_argument("--python", required=True, help="interpreter for console scripts")
    finish.add_argument("--distribution", required=True)
    finish.add_argument("--path", action="append", default=[], help="folder for the import path")
    finish.add_argument("--version-from", help="file of the project that holds __version__")
    finish.add_argument("--git-version", help="version where a build backend would ask git")
    finish.add_argument("--git-version-file", help="module of the project that such a backend would write")
    finish.add_argument("--wheel", help="folder of the wheel that is installed in the virtualenv already, instead of the tree")
    finish.add_argument("--metadata", help="folder that the build backend wrote metadata to")
    finish.add_argument("--apart", help="folder whose content becomes a layer of its own: what --apart-list names")
    finish.add_argument("--apart-list", help="file with the folders that change less often than the code")
    return parser.parse_args()


def place_sources(options):
    for tree in options.tree:
        source, _, place = tree.partition(":")
        copy(Path(source), Path(place))
        remove_left_behind(place)
    for name in options.without:
        remove(Path(name))


def remove_left_behind(place):
    """An empty egg-info would hide the metadata of the project; any of them would make another layer of the same sources."""
    for folder, _, _ in os.walk(place, topdown=False):
        if folder != place and LEFT_BEHIND.fullmatch(os.path.basename(folder)) and not os.listdir(folder):
            os.rmdir(folder)


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def finish_layer(options):
    out = Path(options.out)
    if options.git_version_file:
        write_version(Path(options.project, options.git_version_file), options.git_version)
    metadata = metadata_of(options)
    if options.apart:
        names = Path(options.apart_list).read_text("utf-8").splitlines() if os.path.exists(options.apart_list) else []
        for name in names:
            move(Path(name), Path(options.apart))
        Path(options.apart).mkdir(exist_ok=True)
        normalise(Path(options.apart))
    for top in options.top:
        if os.path.lexists(top):
            move(Path(top), out)
    site = out / options.site.lstrip("/")
    site.mkdir(parents=True, exist_ok=True)
    (out / options.project.lstrip("/")).mkdir(parents=True, exist_ok=True)
    if options.wheel:
        copy_installed(Path(options.site), Path(options.wheel), out)
    else:
        (site / f"_{options.distribution.replace('-', '_')}.pth").write_text("".join(p + "\n" for p in options.path))
        install_metadata(metadata, site, out / options.bin.lstrip("/"), options.python)
    for top in [out / top.lstrip("/") for top in options.top] + ([site] if options.wheel else []):
        if top.is_dir():
            compile_folder(top, options.out)
    normalise(out)


def metadata_of(options):
    if options.wheel:
        return None
    if options.metadata:
        return backend_metadata(Path(options.metadata))
    return read_metadata(Path(options.project), options.version_from, options.git_version)


def write_version(path, version):
    """The module that setuptools-scm, hatch-vcs or PDM would have written; one that is there already stays."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = tuple(int(part) if part.isdigit() else part for part in re.split(r"[.+]", version))
    path.write_text(f"__version__ = version = {version!r}\n__version_tuple__ = version_tuple = {parts!r}\n", "utf-8")


def move(path, out):
    target = out / str(path).lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, target)


def compile_folder(folder, out):
    compileall.compile_dir(
        folder,
        maxlevels=99,
        quiet=2,
        force=True,
        ddir=os.path.join("/", os.path.relpath(folder, out)),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)


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
