"""Is the process healthy that this container was started for? Exit code 0 if so; what it prints, the engine keeps.

Needs nothing but the standard library, and little of that, since it runs every few seconds.
"""

import json
import os
import socket
import subprocess
import sys

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "processes.json")


def main():
    with open(TABLE, encoding="utf-8") as file:
        probes = json.load(file)
    launched = find_launched(probes)
    if launched is None:
        if is_waiting(probes):
            return "the entry point has not started the process yet"
        return None  # another command, such as a shell: there is nothing to ask
    name, environment = launched
    probe = probes[name]
    if probe is None or probe["kind"] == "alive":
        return None
    if probe["kind"] == "command":
        return check_command(probe["argv"], probe.get("prints", ""), environment, probe["patience"])
    return check_http(int(environment.get("PORT", "8000")), probe["path"], probe.get("below"), probe["patience"])


def find_launched(probes):
    """The process that a launcher has become: it carries the launcher's mark. Children inherit it, so the oldest."""
    for pid in sorted(int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
        environment = read_environment(pid)
        if environment.get("DOCKER_PYTHON_PROCESS") in probes:
            return environment["DOCKER_PYTHON_PROCESS"], environment
    return None


def read_environment(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            pairs = file.read().split(b"\0")
    except OSError:  # gone meanwhile, or somebody else's
        return {}
    return dict(os.fsdecode(pair).partition("=")[::2] for pair in pairs if b"=" in pair)


def is_waiting(probes):
    """Whether the container was told to start one of the processes."""
    try:
        with open("/proc/1/cmdline", "rb") as file:
            words = os.fsdecode(file.read()).split("\0")
    except OSError:
        return False
    return any(os.path.basename(word) in probes for word in words[1:])


def check_http(port, path, below, patience):
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nUser-Agent: docker-python-health\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
            connection.sendall(request.encode())
            answer = b""
            while b"\n" not in answer and len(answer) < 256:
                received = connection.recv(256)
                if not received:
                    break
                answer += received
    except OSError as error:
        return f"port {port} does not answer: {error}"
    words = answer.split(b" ", 2)
    status = int(words[1]) if words[0].startswith(b"HTTP/") and len(words) > 1 and words[1].isdigit() else None
    if status is None:
        # Nobody said that it speaks HTTP. It took the connection.
        return None if below is None else f"port {port} does not speak HTTP"
    return None if status < (below or 500) else f"{path} is answered with status {status}"


def check_command(argv, expected, environment, patience):
    *words, expected = [word.replace("$HOSTNAME", socket.gethostname()) for word in [*argv, expected]]
    environment.pop("DOCKER_PYTHON_PROCESS")
    try:
        result = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return f"{words[0]} has not ended after {patience} s"
    said = (result.stdout + result.stderr).strip()[-500:]
    if result.returncode != 0:
        return said or "failed"
    return None if expected in result.stdout else f"{words[0]} does not know {expected}: {said}"


problem = main()
if problem is not None:
    print(problem)
    sys.exit(1)
