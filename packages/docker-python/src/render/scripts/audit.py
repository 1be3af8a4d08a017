"""Asks a database of vulnerabilities about the pins of an image. Run by the Python that has pip-audit and cvss.

  audit.py DATABASE REPORT LIST...     DATABASE: address of the query of an OSV API; LIST: requirements or pylock.toml

pip-audit finds; severities, which it leaves out, are read from the same database. Entries without a version on an index
(repositories, addresses) cannot be looked up and are named as such.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

import requests
from cvss import CVSS2, CVSS3, CVSS4

import requirements

SEVERITIES = ("low", "medium", "high", "critical")
WORDS = {"moderate": "medium"}
READERS = {
    "CVSS_V2": lambda vector: CVSS2(vector).severities()[0],
    "CVSS_V3": lambda vector: CVSS3(vector).severities()[0],
    "CVSS_V4": lambda vector: CVSS4(vector).severity,
}
TIMEOUT_SECONDS = 30
WORK = tempfile.mkdtemp()
LISTED, PINS, FOUND = (os.path.join(WORK, name) for name in ("listed.txt", "pins.txt", "found.json"))


def pins_of(paths):
    """Name and version of what an image installs, and what has no version that could be looked up."""
    pins, others = {}, []
    for path in paths:
        if path.endswith(".toml"):
            requirements.make_from_pylock(LISTED, path)
            path = LISTED
        for entry in requirements.read([path])["-r"]:
            requirement, marker, _ = requirements.split(entry)
            if marker and not requirements.holds(marker, [], []):
                continue
            found = re.match(r"([a-z0-9][a-z0-9-]*)(?:\[[^\]]*\])?===?([^,;*]+)$", requirements.canonical(requirement))
            if found:
                pins[found.group(1)] = found.group(2)
            else:
                others.append(requirements.name(requirement))
    return pins, others


def scan(database, pins):
    """What pip-audit reports, or the last thing that it says where it reports nothing."""
    with open(PINS, "w", encoding="utf-8") as file:
        file.writelines("%s==%s\n" % pin for pin in sorted(pins.items()))
    words = ["-r", PINS, "--no-deps", "--disable-pip", "--progress-spinner", "off", "--timeout", str(TIMEOUT_SECONDS)]
    words += ["--vulnerability-service", "osv", "--osv-url", database, "--format", "json", "--output", FOUND]
    done = subprocess.run(["pip-audit"] + words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if not os.path.exists(FOUND):
        return None, reason_of(done.stdout)
    with open(FOUND, encoding="utf-8") as file:
        return json.load(file)["dependencies"], None


def reason_of(output):
    """Of what pip-audit prints when a database does not answer: what its HTTP client says, without the frames."""
    lines = output.strip().split("\n")
    said = [line for line in lines if line.startswith("requests.exceptions.")] or lines
    return re.sub(r"^requests\.exceptions\.", "", re.sub(r"^.*Caused by \w+\([\"'](.*)[\"']\)\)$", r"\1", said[-1]))


def severity_of(record):
    """What the database says in words, else what the score comes to: OSV schema, "severity", "database_specific"."""
    word = str(record.get("database_specific", {}).get("severity", "")).lower()
    word = WORDS.get(word, word)
    if word in SEVERITIES:
        return word
    levels = []
    for entry in record.get("severity", []):
        try:
            levels.append(READERS[entry["type"]](entry["score"]).lower())
        except Exception:  # a vector that the library does not read says nothing
            continue
    known = [level for level in levels if level in SEVERITIES]
    return max(known, key=SEVERITIES.index) if known else ""


def severities(database, name, version):
    """Severity by id and alias: the highest that any record gives."""
    query = {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
    answer = requests.post(database, json=query, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
    found = {}
    for record in answer.json().get("vulns", []):
        severity = severity_of(record)
        for key in [record["id"]] + record.get("aliases", []):
            if severity and (key not in found or SEVERITIES.index(severity) > SEVERITIES.index(found[key])):
                found[key] = severity
    return found


def distinct(vulnerabilities):
    """Several databases have records of one thing, which name each other as aliases."""
    merged = []
    for found in vulnerabilities:
        ids, fixed, summary = [found["id"]] + found["aliases"], found["fix_versions"], found["description"][:200]
        for other in [entry for entry in merged if set(entry[0]) & set(ids)]:
            merged.remove(other)
            ids, fixed, summary = other[0] + ids, other[1] + fixed, other[2]
        merged.append((list(dict.fromkeys(ids)), list(dict.fromkeys(fixed)), summary))
    return merged


def rated(database, dependencies):
    """What was found of each, with how bad it is."""
    findings = []
    for dependency in dependencies:
        if not dependency.get("vulns"):
            continue
        known = severities(database, dependency["name"], dependency["version"])
        for ids, fixed, summary in distinct(dependency["vulns"]):
            levels = [known[key] for key in ids if key in known]
            findings.append({
                "name": dependency["name"], "version": dependency["version"], "ids": ids,
                "severity": max(levels, key=SEVERITIES.index) if levels else "unknown",
                "fixed": fixed, "summary": summary,
            })
    return findings


def main(database, report, *paths):
    pins, others = pins_of(paths)
    dependencies, problem = scan(database, pins) if pins else ([], None)
    skipped = sorted(others) + [entry["name"] for entry in dependencies or [] if "skip_reason" in entry]
    result = {"database": database, "audited": len(pins), "skipped": skipped, "findings": []}
    try:
        result["findings"] = rated(database, dependencies or [])
    except requests.RequestException as error:  # it answered pip-audit, and then no more
        problem = reason_of("requests.exceptions.%s: %s" % (type(error).__name__, error))
    if problem is not None:
        result["unreachable"] = problem
    with open(report, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
