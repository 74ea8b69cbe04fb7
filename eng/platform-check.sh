#!/usr/bin/env bash
# Installs the tool from a folder of packages on this machine and does with it what users do first. Fails at the first thing that fails.
#
#   eng/platform-check.sh PACKAGES
#
# PACKAGES is what 'dotnet pack tool -c Release -p:AllPlatforms=true -o PACKAGES' wrote. Bash runs it on Windows too (Git Bash). Where the
# package of the platform has no libtorch, what needs none is checked.
set -euo pipefail
packages=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MERBENCH_PLUGINS="$work/plugins"
mkdir "$MERBENCH_PLUGINS"
step() { echo "== $*" >&2; }
ends_with() {
  local wanted=$1 code=0
  shift
  "$@" || code=$?
  [[ $code -eq $wanted ]] || { echo "'$*' ended with $code instead of $wanted" >&2; exit 1; }
}

step install
version=$(basename "$(ls "$packages"/dotnet-merbench.[0-9]*.nupkg)" .nupkg)
dotnet tool install dotnet-merbench --version "${version#dotnet-merbench.}" --tool-path "$work/tool" --add-source "$packages"
merbench() { "$work/tool/dotnet-merbench" "$@"; }
cd "$work"

step "what needs no native library"
merbench --version
merbench list
merbench describe pgd > /dev/null
merbench schema -o schema.json
merbench completion bash > completion.bash
cat > bench.yaml <<'YAML'
name: häßlich
dataset: { use: cues, with: { clips: 40, seconds: 2 } }
models:
  ridge: ridge
  small: { use: vgg, with: { width: 0.125 }, train: { epochs: 2 } }
perturbations:
  pgd: { use: pgd, with: { steps: 5 }, budgets: { linf: [0.01, 0.05] } }
  noise: { use: noise, severities: [3] }
YAML
merbench validate bench.yaml
echo 'models: { ridge: rigde }' > wrong.yaml
ends_with 3 merbench validate wrong.yaml

step "libtorch, DuckDB, Skia"
if ! merbench doctor > doctor.txt; then
  cat doctor.txt
  grep -q 'No libtorch comes with this build' doctor.txt || exit 1
  echo "No libtorch comes with the package of this platform: runs are left out." >&2
  exit 0
fi
cat doctor.txt
merbench run bench.yaml
merbench run bench.yaml 2>&1 | grep 'Nothing has changed'
merbench query "SELECT model, count(*) AS cells FROM cells GROUP BY model" merbench-results/*
merbench report merbench-results/*
merbench archive merbench-results/* -o run.zip
merbench compare run.zip run.zip
[[ -s $(ls merbench-results/*/report.html) && -n $(ls merbench-results/*/figures/*.png merbench-results/*/figures/*.svg) ]]

step "two worker processes"
merbench run bench.yaml --device cpu,cpu --cache second -o by-workers

step "snapshots"
merbench verify bench.yaml --accept
merbench verify bench.yaml
echo "All of it works here: $(uname -sm)."
