"""Prepares pins for the tools that make them anew, so that only those move that are meant to.

Runs in the image's own Python while pins are made, beside requirements.py; standard library only, Python 3.8 or newer.

  pins.py preferences LIST            leaves of a list, if there is one, what a resolver should prefer: versions
  pins.py entries FILE ENTRY...       writes requirements to a file
  pins.py forget LOCK NAME...         takes packages out of a pdm.lock, or a pylock.toml of PDM
  pins.py pipenv [NAME...]            `pipenv lock` that keeps what is locked, but for NAME...; run by Pipenv's Python
  pins.py pip SOURCE NAME,... COMMAND...   `pip lock` that keeps what pylock.toml pins, but for NAME,...
"""

import json
import os
import re
import subprocess
import sys

import requirements


def preferences(path):
    """No hashes: those of the index count, so that a forged one is seen. Nothing of the repository itself."""
    if not os.path.exists(path):
        return
    split = [requirements.split(entry) for entry in requirements.read([path])["-r"]]
    pinned = [(name, marker) for name, marker, _ in split if "==" in name and not requirements.is_local(name)]
    requirements.write(path, [name + (" ; " + marker if marker else "") for name, marker in pinned])


def entries(path, *wanted):
    requirements.write(path, wanted)


def forget(lock, *names):
    with open(lock, encoding="utf-8") as file:
        blocks = re.split(r"(?m)^(?=\[\[packages?\]\]$|\[tool\.pdm\]$)", file.read())
    gone = {requirements.canonical(name) for name in names}
    kept = [block for block in blocks if locked_name(block) not in gone]
    with open(lock, "w", encoding="utf-8", newline="\n") as file:
        file.write("".join(kept))


def locked_name(block):
    found = re.match(r'\[\[packages?\]\]\nname = "([^"]+)"$', block, re.M)
    return requirements.canonical(found.group(1)) if found else ""


def pipenv(*names):
    """
    Gives Pipenv's resolver the pins as constraints: what `lock` finds beside them is new, what they hold stays. A pin
    that the Pipfile excludes is left out; where that is not enough, only what the Pipfile names is kept.
    """
    lock = [sys.executable, __file__, "pipenv-with"]
    if subprocess.run(lock + ["all"] + list(names), stdout=subprocess.PIPE, stderr=subprocess.STDOUT).returncode != 0:
        sys.exit(subprocess.run(lock + ["direct"] + list(names)).returncode)


def pipenv_with(kept, *names):
    """The resolver runs in this process, and the file of requirements that it reads names the pins as constraints."""
    os.environ["PIPENV_RESOLVER_PARENT_PYTHON"] = "1"
    from pipenv.cli import cli
    from pipenv.patched.pip._vendor.packaging.requirements import InvalidRequirement, Requirement
    from pipenv.utils import resolver

    pins = locked_versions("Pipfile.lock")
    for name in names:
        pins.pop(requirements.canonical(name), None)
    write_file = resolver.prepare_constraint_file

    def with_pins(constraints, **options):
        constraints = list(constraints)
        path = write_file(constraints, **options)
        wanted = {}
        for line in constraints:
            try:
                requirement = Requirement(line)
                wanted[requirements.canonical(requirement.name)] = requirement.specifier
            except InvalidRequirement:
                pass  # a repository or a folder: nothing that a version could contradict
        lines = [
            "%s==%s\n" % (name, version)
            for name, version in pins.items()
            if (wanted[name].contains(version, prereleases=True) if name in wanted else kept == "all")
        ]
        with open("pins.txt", "w", encoding="utf-8") as file:
            file.writelines(lines)
        with open(path, "a", encoding="utf-8") as file:
            file.write("\n-c %s\n" % os.path.abspath("pins.txt"))
        return path

    resolver.prepare_constraint_file = with_pins
    sys.argv = ["pipenv", "lock"]
    sys.exit(cli())


def pip(source, names, *command):
    """
    Pins are constraints for pip, which knows no preferences. Where they leave no solution, those of what the source
    itself names are given up.
    """
    gone = {requirements.canonical(name) for name in names.split(",")}
    found = requirements.read_toml("pylock.toml").get("packages", [])
    pins = {requirements.canonical(entry["name"]): entry.get("version") for entry in found}
    kept = {name: version for name, version in pins.items() if version and name not in gone}
    listed = requirements.read([source])["-r"] if source.endswith((".in", ".txt")) else []
    direct = {requirements.name(requirements.split(entry)[0]) for entry in listed}
    for left_out in (set(), direct):
        requirements.write("pins.txt", ["%s==%s" % pin for pin in sorted(kept.items()) if pin[0] not in left_out])
        code = subprocess.run(list(command) + ["-c", "pins.txt"]).returncode
        if code == 0:
            return
    sys.exit(code)


def locked_versions(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8-sig") as file:
        lock = json.load(file)
    return {
        requirements.canonical(name): entry["version"][2:]
        for section, packages in lock.items()
        if section != "_meta"
        for name, entry in packages.items()
        if str(entry.get("version", "")).startswith("==")
    }


COMMANDS = {
    "preferences": preferences, "entries": entries, "forget": forget, "pip": pip, "pipenv": pipenv, "pipenv-with": pipenv_with,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](*sys.argv[2:])
