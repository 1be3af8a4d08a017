"""Reads requirements files and writes the list of third-party packages that an image installs.

Runs in the image's own Python while the list is made; standard library only, Python 3.8 or newer.

  requirements.py list OUTPUT FILE...                  one canonical, self-contained list
  requirements.py input OUTPUT CONSTRAINTS FILE...     what a resolver reads: requirements, and constraints apart
  requirements.py local OUTPUT NAME=FOLDER...          adds packages of the repository to what a resolver reads
  requirements.py options OUTPUT FILE...               puts the index options of FILE... on top of OUTPUT
  requirements.py hashes OUTPUT LOCK                   adds the hashes that a pdm.lock has for the entries of OUTPUT
  requirements.py extend OUTPUT FILE...                adds entries for what OUTPUT does not have yet
  requirements.py beside OUTPUT LOCK FILE...           the entries for what LOCK, a pylock.toml, does not have
  requirements.py capture OUTPUT COMMAND...            writes what a command prints
  requirements.py asking MANIFEST COMMAND...           runs a command; where it fails, says which indexes refuse
  requirements.py pylock OUTPUT LOCK [extra=NAME | group=NAME]...   a pylock.toml (PEP 751) as a list

Included files (-r) are inlined, comments dropped, continuations folded, names normalised (PEP 503), entries and
hashes sorted: an edit that changes nothing gives the same bytes. Packages of the repository itself are left out; they
are installed on their own. Environment variables (${NAME}) stay as they are written: their values are often secret.
"""

import base64
import netrc
import os
import platform
import re
import subprocess
import sys
import urllib.error
import urllib.request

INCLUDES = {"-r": "-r", "--requirement": "-r", "-c": "-c", "--constraint": "-c"}
KEPT_OPTIONS = {
    "-i": "--index-url", "--index-url": "--index-url", "--pypi-url": "--index-url",
    "--extra-index-url": "--extra-index-url", "-f": "--find-links", "--find-links": "--find-links",
    "--no-index": "--no-index", "--no-binary": "--no-binary", "--only-binary": "--only-binary",
    "--trusted-host": "--trusted-host",
}
INDEX_OPTIONS = ("--index-url", "--extra-index-url", "--find-links", "--no-index", "--trusted-host")
VCS = re.compile(r"(?:git|hg|svn|bzr)\+", re.I)
NAMED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?\s*(.*)$", re.S)
ARCHIVE = re.compile(r"\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz|tar)$", re.I)


def logical_lines(text):
    """Continuations joined, comments and empty lines dropped: the order of pip's own reader."""
    parts = []
    for raw in re.split(r"\r\n|\r|\n", text):
        comment = raw.lstrip().startswith("#")
        if raw.endswith("\\") and not comment:
            parts.append(raw[:-1])
            continue
        parts.append(" " + raw if comment else raw)
        yield from clean("".join(parts))
        parts = []
    if parts:
        yield from clean("".join(parts))


def clean(line):
    content = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
    return [content] if content else []


def option(line):
    """('--name', 'value') of an option line."""
    match = re.match(r"(--[a-z-]+)(?:\s*=\s*|\s+|$)(.*)$" if line.startswith("--") else r"(-[a-z])\s*=?\s*(.*)$", line)
    if not match:
        sys.exit("not understood: " + line)
    return match.group(1), match.group(2).strip().strip("'\"")


def read(paths):
    """All requirements, constraints and options of some files and of those that they include."""
    found = {"-r": [], "-c": [], "options": []}
    seen = set()

    def visit(path, kind):
        if (path, kind) in seen:
            return
        seen.add((path, kind))
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            lines = list(logical_lines(file.read()))
        for line in lines:
            if not line.startswith("-"):
                found[kind].append(line)
                continue
            name, value = option(line)
            if name in INCLUDES:
                target = os.path.normpath(os.path.join(os.path.dirname(path), value))
                visit(target, "-c" if kind == "-c" else INCLUDES[name])
            elif name in ("-e", "--editable"):
                found[kind].append(value)
            elif name in KEPT_OPTIONS:
                entry = " ".join(filter(None, (KEPT_OPTIONS[name], value)))
                if entry not in found["options"]:
                    found["options"].append(entry)

    for path in paths:
        visit(os.path.normpath(path), "-r")
    return found


def split(entry):
    """The requirement, its marker and its hashes."""
    match = re.search(r"\s--?[a-zA-Z]", entry)
    text, rest = (entry[: match.start()], entry[match.start():]) if match else (entry, "")
    hashes = sorted(set(re.findall(r"\s--hash(?:=|\s)\s*(\S+)", rest)))
    direct = "@" in text or "://" in text
    parts = re.split(r"\s+;\s*|;\s+" if direct else r"\s*;\s*", text.strip(), maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else "", hashes


def is_local(requirement):
    """Whether a requirement is a folder or a file of the repository."""
    if VCS.match(requirement):
        return False
    named = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@\s*(.*)$", requirement, re.S)
    target = named.group(1) if named else requirement
    if re.match(r"file:|\{root|\$\{PROJECT_ROOT\}", target, re.I):
        return True
    if VCS.match(target) or re.match(r"[a-z][a-z0-9+.-]*://", target, re.I):
        return False
    if named or target.startswith("."):
        return True
    return bool(ARCHIVE.search(target) or (re.search(r"[\\/]", target) and not re.search(r"[<>=!~]", target)))


def canonical(requirement):
    """Name and extras normalised, no blanks in version clauses; an URL with #egg=name as `name @ URL`."""
    egg = re.search(r"#(?:.*&)?egg=([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?", requirement)
    if re.match(r"[a-z][a-z0-9+.-]*://", requirement, re.I) or VCS.match(requirement):
        if not egg:
            return requirement
        rest = "&".join(part for part in requirement[requirement.index("#") + 1:].split("&") if not part.startswith("egg="))
        url = requirement[: requirement.index("#")] + ("#" + rest if rest else "")
        requirement = egg.group(1) + (egg.group(2) or "") + " @ " + url
    match = NAMED.match(requirement)
    if not match:
        return requirement
    name, extras, rest = match.groups()
    chosen = sorted({extra.strip().lower() for extra in (extras or "").split(",") if extra.strip()})
    head = re.sub(r"[-_.]+", "-", name).lower() + ("[" + ",".join(chosen) + "]" if chosen else "")
    if rest.startswith("@"):
        return head + " @ " + rest[1:].strip()
    return head + re.sub(r"\s+", "", rest.strip().strip("()"))


def third_party(entries):
    """Formatted entries, sorted, each once, without those of the repository itself."""
    merged = {}
    for entry in entries:
        requirement, marker, hashes = split(entry)
        if not is_local(requirement):
            key = canonical(requirement) + (" ; " + re.sub(r"\s+", " ", marker) if marker else "")
            merged.setdefault(key, set()).update(hashes)
    return [" \\\n    ".join([key] + ["--hash=" + digest for digest in sorted(merged[key])]) for key in sorted(merged)]


def write(path, lines):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("".join(line + "\n" for line in lines))


def make_list(output, *paths):
    found = read(paths)
    write(output, found["options"] + third_party(found["-r"]))


def make_input(output, constraints, *paths):
    found = read(paths)
    options = [entry for entry in found["options"] if not entry.startswith("--trusted-host")]
    write(output, options + third_party(found["-r"]))
    write(constraints, third_party(found["-c"]))


def add_local(output, *packages):
    with open(output, "a", encoding="utf-8", newline="\n") as file:
        for package in packages:
            name, _, folder = package.partition("=")
            file.write("%s @ file://%s\n" % (name, os.path.abspath(folder)))


def add_options(output, *paths):
    options = [entry for entry in read(paths)["options"] if entry.split()[0] in INDEX_OPTIONS]
    with open(output, encoding="utf-8") as file:
        body = file.read().splitlines()
    write(output, options + body)


def name(requirement):
    return re.split(r"[\[ @=<>!~;]", canonical(requirement), maxsplit=1)[0]


def add_hashes(output, lock):
    locked = {}
    for package in read_toml(lock).get("package", []):
        pin = canonical("%s==%s" % (package["name"], package.get("version", "")))
        locked.setdefault(pin, set()).update("--hash=" + file["hash"] for file in package.get("files", []))
    listed = read([output])
    entries = []
    for entry in listed["-r"]:
        requirement, marker, _ = split(entry)
        pin = re.sub(r"\[[^\]]*\]", "", canonical(requirement), count=1)
        entries.append(" ".join([requirement + (" ; " + marker if marker else "")] + sorted(locked.get(pin, []))))
    write(output, listed["options"] + third_party(entries))


def extend(output, *paths):
    listed = read([output])
    present = {name(split(entry)[0]) for entry in listed["-r"]}
    more = [entry for entry in read(paths)["-r"] if name(split(entry)[0]) not in present]
    write(output, listed["options"] + third_party(listed["-r"] + more))


def beside(output, lock, *paths):
    with open(lock, encoding="utf-8") as file:
        present = set(re.findall(r'^name = "([^"]+)"$', file.read(), re.M))
    write(output, third_party([entry for entry in read(paths)["-r"] if name(split(entry)[0]) not in present]))


def capture(output, *command):
    done = subprocess.run(command, stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(done.returncode)
    with open(output, "wb") as file:
        file.write(done.stdout)


def asking(manifest, *command):
    """Tools that find nothing on an index do not all say that it has refused them."""
    code = subprocess.run(command).returncode
    if code != 0:
        with open(manifest, encoding="utf-8") as file:
            for url in re.findall(r"^\s*url\s*=\s*[\"'](https?://[^\"']+)", file.read(), re.M):
                ask_index(url)
    sys.exit(code)


def ask_index(url):
    scheme, user, password, place = re.match(r"(https?://)(?:([^/@:]*)(?::([^/@]*))?@)?(.*)", url).groups()
    request = urllib.request.Request(scheme + place)
    login = (user, password or "") if user else saved_login(re.split("[:/]", place)[0])
    if login:
        text = os.path.expandvars(":".join(login)).encode()
        # Not for a server that the index may send us to.
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(text).decode())
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            print("docker-python: %d Unauthorized: %s%s" % (error.code, scheme, place), file=sys.stderr)
    except (OSError, ValueError):
        pass  # what the command said is all there is


def saved_login(host):
    try:
        login, _, password = netrc.netrc(os.environ.get("NETRC")).authenticators(host)
        return login, password
    except (OSError, TypeError, netrc.NetrcParseError):
        return None


MARKER = re.compile(r"\s*(\(|\)|'[^']*'|\"[^\"]*\"|===|==|!=|<=|>=|<|>|~=|[A-Za-z_][\w.]*)")


def environment():
    """Values of the environment markers of PEP 508 in this image."""
    return {
        "os_name": os.name, "sys_platform": sys.platform, "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(), "platform_release": platform.release(),
        "platform_system": platform.system(), "platform_version": platform.version(),
        "python_version": "%d.%d" % sys.version_info[:2], "python_full_version": platform.python_version(),
        "implementation_name": sys.implementation.name, "implementation_version": platform.python_version(),
    }


def holds(marker, extras, groups):
    """Whether a marker holds in this image, for some extras and groups (PEP 508, PEP 751)."""
    known = dict(environment(), extras=extras, dependency_groups=groups)
    tokens = MARKER.findall(marker)
    expression, at = [], 0
    while at < len(tokens):
        if tokens[at] in ("(", ")", "and", "or"):
            expression.append(tokens[at])
            at += 1
            continue
        negated = tokens[at + 1] == "not"
        left, operator, right = tokens[at], tokens[at + 1 + negated], tokens[at + 2 + negated]
        values = [word[1:-1] if word[0] in "'\"" else known.get(word, "") for word in (left, right)]
        versions = any(word.endswith("_version") for word in (left, right))
        expression.append(str(compare(values[0], ("not " if negated else "") + operator, values[1], versions)))
        at += 3 + negated
    return eval(" ".join(expression), {"__builtins__": {}})  # nothing but True, False, and, or, ( and ) in it


def compare(left, operator, right, versions):
    if operator in ("in", "not in"):
        return (left in right) == (operator == "in")
    if operator in ("==", "===", "!=") and not (versions and right.endswith(".*")):
        a, b = (numbers(left), numbers(right)) if versions else (left, right)
        return (a == b) == (operator != "!=")
    if operator in ("==", "!="):
        prefix = numbers(right[:-2])
        return (numbers(left)[: len(right[:-2].split("."))] == prefix[: len(right[:-2].split("."))]) == (operator == "==")
    a, b = numbers(left), numbers(right)
    if operator == "~=":
        upto = len(right.split(".")) - 1
        return a >= b and a[:upto] == b[:upto]
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


def numbers(version):
    found = [int(part) for part in re.findall(r"\d+", version)[:3]]
    return found + [0] * (3 - len(found))


def read_toml(path):
    try:
        import tomllib
    except ImportError:  # Python 3.10 and older; the build puts it beside this program
        import tomli as tomllib
    with open(path, "rb") as file:
        return tomllib.load(file)


def make_from_pylock(output, lock, *chosen):
    table = read_toml(lock)
    extras = [word[6:] for word in chosen if word.startswith("extra=")]
    groups = table.get("default-groups", []) + [word[6:] for word in chosen if word.startswith("group=")]
    indexes, entries = [], []
    for package in table.get("packages", []):
        if "directory" in package or not holds(package.get("marker", "'' == ''"), extras, groups):
            continue
        if package.get("index") and package["index"] not in indexes:
            indexes.append(package["index"])
        entries.append(pylock_entry(package))
    names = ["--index-url"] + ["--extra-index-url"] * len(indexes)
    write(output, [name + " " + index for name, index in zip(names, indexes)] + third_party(entries))


def pylock_entry(package):
    files = package.get("wheels", []) + [package[key] for key in ("sdist", "archive") if key in package]
    hashes = sorted("--hash=%s:%s" % pair for file in files for pair in file.get("hashes", {}).items())
    if "vcs" in package:
        vcs = package["vcs"]
        source = "%s @ %s+%s@%s" % (package["name"], vcs["type"], vcs.get("url", vcs.get("path")), vcs["commit-id"])
        source += "#subdirectory=" + vcs["subdirectory"] if "subdirectory" in vcs else ""
    elif "archive" in package:
        archive = package["archive"]
        source = package["name"] + " @ " + (archive.get("url") or archive.get("path", "."))
        source += "#subdirectory=" + archive["subdirectory"] if "subdirectory" in archive else ""
    else:
        source = package["name"] + "==" + package["version"]
    return " ".join([source] + hashes)


COMMANDS = {
    "list": make_list, "input": make_input, "local": add_local, "options": add_options, "extend": extend, "capture": capture,
    "pylock": make_from_pylock, "hashes": add_hashes, "beside": beside, "asking": asking,
}

if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](*sys.argv[2:])
