"""Compiles the Python files of folders to bytecode that follows from nothing but these files.

  bytecode.py FOLDER [NAME...]

Folders called NAME are left out. A file that this Python cannot compile stays without bytecode, as with any installer.

CPython stores a constant once or several times by what else the compiling process has met before (`intern_constants`
in its Objects/codeobject.c), so that two runs of `compileall -j` can give different bytes. Here the files are cut into
parts in one fixed way, and each part is compiled by a process that starts out like all others: how many of them run
at once, and which is the first to end, changes nothing.
"""

import os
import py_compile
import sys
import warnings

# Enough files to be worth a process, few enough to keep many processors busy.
PART = 32
MODE = py_compile.PycInvalidationMode.UNCHECKED_HASH


def main(folder, *skipped):
    warnings.simplefilter("ignore")  # of the authors' concern, and there are hundreds
    files = sorted(python_files(folder, skipped))
    at_once = len(os.sched_getaffinity(0))
    running = 0
    for start in range(0, len(files), PART):
        if running == at_once:
            wait_for_one()
            running -= 1
        fork(files[start : start + PART])
        running += 1
    for _ in range(running):
        wait_for_one()


def python_files(folder, skipped):
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in skipped]
        yield from (os.path.join(place, name) for name in names if name.endswith(".py"))


def fork(files):
    if os.fork() != 0:
        return
    for path in files:
        compile_file(path)
    os._exit(0)


def compile_file(path):
    try:
        py_compile.compile(path, doraise=True, invalidation_mode=MODE)
    except Exception:  # code for another Python, a template, a broken link: whatever lies among the files
        pass


def wait_for_one():
    _, status = os.wait()
    if status != 0:
        sys.exit("docker-python: compiling to bytecode was ended with status %d. Has the builder enough memory?" % status)


main(*sys.argv[1:])
