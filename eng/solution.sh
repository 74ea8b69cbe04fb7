#!/usr/bin/env bash
# Writes MerBench.sln: every project of the repository, and no platform but Any CPU ('dotnet sln add' adds two more, and 370 lines).
set -euo pipefail
cd "$(dirname "$0")/.."
python3 - <<'PYTHON'
import pathlib
import subprocess
import uuid

FOLDER, PROJECT = "2150E333-8FDC-42A3-9474-1A3956D46DE8", "FAE04EC0-301F-11D3-BF4B-00C04F79EFBC"
HEAD = """
Microsoft Visual Studio Solution File, Format Version 12.00
# Visual Studio Version 17
VisualStudioVersion = 17.0.31903.59
MinimumVisualStudioVersion = 10.0.40219.1
"""


def identify(path):
    """The same path has the same number whenever and wherever this runs."""
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"merbench/{path}")).upper() + "}"


def folder_of(project):
    """src/Host/X.csproj stands in src, tests/fixtures/F/F.csproj in tests/fixtures, tool/T.csproj in tool."""
    return project.parent if len(project.parts) == 2 else project.parent.parent


def declare(kind, name, path, number):
    return f'Project("{{{kind}}}") = "{name}", "{path}", "{number}"\nEndProject\n'


def section(name, when, lines):
    return f"\tGlobalSection({name}) = {when}\n" + "".join(f"\t\t{line}\n" for line in lines) + "\tEndGlobalSection\n"


listed = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.csproj"], check=True, capture_output=True, text=True
).stdout.split()
# Samples and templates are built as their readers build them: alone, against packages.
outside = lambda path: path.parts[0] == "samples" or (path.parts[0] == "templates" and len(path.parts) > 2)
projects = sorted({p for p in map(pathlib.PurePosixPath, listed) if not outside(p) and pathlib.Path(p).exists()})
folders = sorted({parent for p in projects for parent in [folder_of(p), *folder_of(p).parents] if str(parent) != "."})

text = HEAD
for folder in folders:
    text += declare(FOLDER, folder.name, folder.name, identify(folder))
for project in projects:
    text += declare(PROJECT, project.stem, str(project).replace("/", "\\"), identify(project))
configurations = ["Debug|Any CPU", "Release|Any CPU"]
text += "Global\n"
text += section("SolutionConfigurationPlatforms", "preSolution", [f"{c} = {c}" for c in configurations])
text += section(
    "ProjectConfigurationPlatforms",
    "postSolution",
    [f"{identify(p)}.{c}.{does} = {c}" for p in projects for c in configurations for does in ("ActiveCfg", "Build.0")],
)
text += section("SolutionProperties", "preSolution", ["HideSolutionNode = FALSE"])
nested = [(f, f.parent) for f in folders if str(f.parent) != "."] + [(p, folder_of(p)) for p in projects]
text += section("NestedProjects", "preSolution", [f"{identify(child)} = {identify(parent)}" for child, parent in nested])
pathlib.Path("MerBench.sln").write_text(text + "EndGlobal\n", encoding="utf-8-sig", newline="\n")
PYTHON
