"""Runs Django's collectstatic while the image is built, without the environment that the settings may ask for.

  collectstatic.py SETTINGS OUTPUT

Writes STATIC_ROOT to OUTPUT. Where the settings ask for a secret that nobody has at build time, a placeholder is
given: nothing that collectstatic writes depends on it. Any other variable is the user's to provide.
"""

import os
import re
import subprocess
import sys

COLLECT = """
import sys
sys.path.insert(0, "")
import django
from django.conf import settings
from django.core.management import call_command
django.setup()
call_command("collectstatic", interactive=False, verbosity=0)
with open(sys.argv[1], "w") as file:
    file.write(str(settings.STATIC_ROOT))
"""

# How settings say which variable is missing: os.environ, django-environ, decouple, pydantic, hand-written ones.
MISSING = (
    r"KeyError: '([A-Za-z_][A-Za-z0-9_]*)'",
    r"Set the ([A-Za-z_][A-Za-z0-9_]*) environment variable",
    r"UndefinedValueError: ([A-Za-z_][A-Za-z0-9_]*) not found",
    r"The ([A-Z_][A-Z0-9_]*) setting must not be empty",
    r"(?:ImproperlyConfigured|RuntimeError|ValueError|AssertionError|Exception): .*?\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b",
    r"^([A-Za-z_][A-Za-z0-9_]*)\n  Field required",
)
SECRET = re.compile(r"SECRET|KEY|TOKEN|SALT|PASSW", re.I)
MOST_PLACEHOLDERS = 10
# Always the same one, so that the same sources give the same files; long enough for those who measure.
PLACEHOLDER = "placeholder-while-the-image-is-built-0123456789abcdefghijklmnopqrstuvwxyz"


def main(settings, output):
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    environment.setdefault("DJANGO_SETTINGS_MODULE", settings)
    for _ in range(MOST_PLACEHOLDERS):
        command = [sys.executable, "-c", COLLECT, output]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
        said = done.stdout.decode("utf-8", "replace")
        if done.returncode == 0:
            return
        name = missing_variable(said)
        if not name or not SECRET.search(name) or name in environment:
            sys.exit(explain(said, name, settings))
        environment[name] = PLACEHOLDER
    sys.exit(explain(said, name, settings))


def missing_variable(said):
    last = said[said.rfind("Traceback (most recent call last)") :]
    for pattern in MISSING:
        found = re.findall(pattern, last, re.M)
        if found:
            return found[-1]
    return None


def explain(said, name, settings):
    where = f"the settings ({settings}) need the variable {name}" if name else "see what Django says above"
    value = name or "NAME"
    return "\n".join(
        [
            said.rstrip(),
            "",
            f"docker-python: collectstatic failed: {where}.",
            f'Give it a value for the build in docker-python.json: "collectStatic": {{ "env": {{ "{value}": "..." }} }}',
            'Or switch collectstatic off: "collectStatic": false',
        ]
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
