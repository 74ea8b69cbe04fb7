#!/usr/bin/env bash
# Runs the commands of a tutorial as they stand on its page, in an empty folder, and says how long each block took.
#   PACKAGES=FOLDER eng/tutorial.sh docs/tutorials/ci.md [FOLDER TO WORK IN]
# PACKAGES holds MerBench's packages: those of 'dotnet pack' for tool, src/Abstractions, src/Build, src/Testing and templates.
set -euo pipefail
page=$(realpath "$1") folder=${2:-$(mktemp -d)}
PACKAGES=$(realpath "$PACKAGES")
export PACKAGES DOTNET_NOLOGO=1
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat > "$script" <<'PRELUDE'
set -e
total=0
block() { number=$1; echo "== block $number"; begun=$(date +%s%N); }
end() { taken=$(( $(date +%s%N) - begun )); total=$((total + taken)); printf '== block %s took %s s\n' "$number" "$(seconds "$taken")"; }
seconds() { printf '%d.%d' $(($1 / 1000000000)) $(($1 / 100000000 % 10)); }
PRELUDE
awk '
    /^```console$/ { inside = 1; print "block " ++n; next }
    /^```$/ && inside { inside = 0; print "end"; next }
    inside
' "$page" >> "$script"
echo 'printf "== all blocks took %s s\n" "$(seconds "$total")"' >> "$script"
cd "$folder"
bash "$script" 2>&1
