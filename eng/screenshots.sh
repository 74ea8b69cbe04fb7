#!/usr/bin/env bash
# Makes the pictures of docs/report.md: eng/screenshots.sh RUN, a results folder with report.html. Needs Chromium.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: eng/screenshots.sh RUN" >&2; exit 3; }
MERBENCH_SCREENSHOTS_OF=$(realpath "$1")
export MERBENCH_SCREENSHOTS_OF
cd "$(dirname "$0")/.."
dotnet test tests/MerBench.Reports.Tests --filter FullyQualifiedName~Screenshots -- NUnit.ExplicitMode=Only
