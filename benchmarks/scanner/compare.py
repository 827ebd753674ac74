"""Precision and recall of two scanners against what was put into five root file systems."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib

WORK = sys.argv[1]
ROOTS = ("base", "java", "python", "node", "binary")
TOMCAT = "9.0.70"
ECOSYSTEMS = {"Debian": "deb", "PyPI": "pypi", "Maven": "maven", "npm": "npm", "Go": "go", "crates.io": "cargo"}


def at(*steps):
    return os.path.join(WORK, *steps)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout


def pypi(name):
    return re.sub("[-_.]+", "-", name).lower()


def dpkg(root):
    lines = output(
        "dpkg-query", "--admindir=" + at(root, "var/lib/dpkg"), "-W", "-f", "${Status}\t${Package}\t${Version}\n"
    )
    rows = (line.split("\t") for line in lines.splitlines())
    return {("deb", name, version) for status, name, version in rows if status.split()[-1] not in ("not-installed", "config-files")}


def poms(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in archive.namelist():
        if name.endswith((".jar", ".war")):
            yield from poms(archive.read(name))
        elif name.startswith("META-INF/maven/") and name.endswith("pom.properties"):
            lines = archive.read(name).decode().splitlines()
            values = dict(line.split("=", 1) for line in lines if "=" in line)
            yield "maven", values["groupId"].strip() + ":" + values["artifactId"].strip(), values["version"].strip()


def maven():
    found = {("maven", "org.apache.tomcat:" + name, TOMCAT) for name in ("tomcat", "tomcat-catalina-ant", "tomcat-juli")}
    found.add(("maven", "org.eclipse.jdt:ecj", "4.20"))
    with open(at("maven.list")) as listing:
        for line in listing:
            parts = re.sub(r"\x1b\[[0-9;]*m| -- module.*", "", line).strip().split(":")
            if len(parts) >= 5 and parts[2] == "jar":
                found.add(("maven", parts[0] + ":" + parts[1], parts[-2]))
    for directory, _, files in os.walk(at("java/opt")):
        for name in files:
            path = os.path.join(directory, name)
            if not name.endswith((".jar", ".war")):
                continue
            with open(path, "rb") as archive:
                found |= set(poms(archive.read()))
            if directory.endswith("tomcat-" + TOMCAT + "/lib"):
                manifest = zipfile.ZipFile(path).read("META-INF/MANIFEST.MF").decode().replace("\r\n ", "")
                bundle = re.search(r"Bundle-SymbolicName: org\.apache\.(tomcat-[\w.-]+)", manifest)
                artifact = bundle[1] if bundle else name[:-4]
                if artifact.startswith("tomcat-"):
                    found.add(("maven", "org.apache.tomcat:" + artifact, TOMCAT))
    return found


def npm():
    with open(at("node.list")) as listing:
        rows = [line.rstrip("\n").split(":") for line in listing]
    return {("npm", *row[1].rsplit("@", 1)) for row in rows if len(row) > 1 and row[1] and "node_modules" in row[0]}


def programs():
    found = set()
    for name in os.listdir(at("binary/usr/local/bin")):
        path = at("binary/usr/local/bin", name)
        lines = output("go", "version", "-m", path).splitlines()
        if lines and ": go" in lines[0]:
            found.add(("go", "stdlib", lines[0].split(": go")[1].split()[0]))
        modules = []
        for line in lines[1:]:
            columns = line.strip("\t").split("\t") + ["", ""]
            if columns[0] in ("mod", "dep"):
                modules.append((columns[1], columns[2]))
            elif columns[0] == "=>":
                modules[-1] = (columns[1], columns[2])
        found |= {("go", *each) for each in modules if each[1] not in ("", "(devel)") and not each[0].startswith(".")}
        section = at("section")
        subprocess.run(
            ["objcopy", "-O", "binary", "--only-section=.dep-v0", "--set-section-flags", ".dep-v0=alloc", path, section],
            capture_output=True,
        )
        if os.path.exists(section) and os.path.getsize(section):
            with open(section, "rb") as audit:
                crates = json.loads(zlib.decompress(audit.read()))["packages"]
            found |= {("cargo", crate["name"], crate["version"]) for crate in crates if crate.get("kind") != "build"}
            os.remove(section)
    return found


def bulwark(root):
    with open(at(root + ".bulwark.json")) as report:
        components = json.load(report)["components"]
    for each in components:
        ecosystem = each["ecosystem"].split(":")[0]
        yield ECOSYSTEMS.get(ecosystem, ecosystem), each["name"], each["version"]


def syft(root):
    with open(at(root + ".syft.json")) as report:
        artifacts = json.load(report)["artifacts"]
    for each in artifacts:
        name, version, kind = each["name"], each["version"], each["type"]
        if kind == "python":
            yield "pypi", pypi(name), version
        elif kind == "go-module":
            yield "go", name, version.removeprefix("go") if name == "stdlib" else version
        elif kind in ("java-archive", "jenkins-plugin"):
            coordinates = re.match("pkg:maven/([^/]+)/([^@]+)@([^?]+)", each.get("purl", ""))
            if coordinates:
                yield "maven", coordinates[1] + ":" + coordinates[2], coordinates[3].replace("%2B", "+")
        elif kind in ("deb", "npm", "rust-crate"):
            yield "cargo" if kind == "rust-crate" else kind, name, version


def main():
    truth = {root: dpkg(root) for root in ROOTS}
    truth["java"] |= maven()
    with open(at("python.list")) as listing:
        truth["python"] |= {("pypi", pypi(each["name"]), each["version"]) for each in json.load(listing)}
    truth["node"] |= npm()
    truth["binary"] |= programs()
    for root in ROOTS:
        for name, scanner in (("bulwark", bulwark), ("syft", syft)):
            found = {each for each in scanner(root) if each[2] and not each[2].startswith("(devel")}
            right = found & truth[root]
            print(
                f"{root:7} {name:8} put in {len(truth[root]):5}  found {len(found):5}  right {len(right):5}"
                f"  precision {len(right) / len(found):.3f}  recall {len(right) / len(truth[root]):.3f}"
            )
            for title, rest in (("missing", truth[root] - found), ("wrong", found - truth[root])):
                for each in sorted(rest)[:5]:
                    print("        " + title, *each)


if __name__ == "__main__":
    main()
