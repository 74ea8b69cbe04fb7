#!/usr/bin/env bash
# Runs the README's first command again and again, on one thread and on all. Fails unless each run ends with exit code 0 and all runs on the
# same number of threads give the same table.
#
#   eng/first-command.sh [RUNS] [all-threads|one-thread]
#
# 20 runs of each kind when left out; a run takes one to two minutes on two cores.
#
# Runs on one thread share the cores, as many at once as there are. The tool is built once, as `dotnet run` would, and what was built is run.
# Each run has an empty cache, so that everything is computed anew, and an output folder of its own. The table is results.json without what
# belongs to one run: date, machine, command and durations. Whether one thread and all give the same table is said at the end, and is no
# condition: sums are rounded in another order.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-20}
kinds=${2:-all-threads one-thread}
[[ $runs =~ ^[1-9][0-9]*$ ]] || { echo "first-command.sh: '$runs' is not a number of runs" >&2; exit 3; }
[[ $kinds =~ ^(all-threads|one-thread|all-threads one-thread)$ ]] \
  || { echo "first-command.sh: '$kinds' is neither all-threads nor one-thread" >&2; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The table of a run, one line a value.
table() {
  python3 - "$1" <<'PYTHON'
import json, sys
OWN = {"environment", "seconds", "wallTime"}
def lines(value, path):
    if isinstance(value, dict):
        for key in sorted(value):
            if key not in OWN:
                yield from lines(value[key], f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from lines(item, f"{path}/{index}")
    else:
        yield f"{path} {json.dumps(value)}"
print(*lines(json.load(open(sys.argv[1])), ""), sep="\n")
PYTHON
}

# Counts the values of the second table that the first one has not so.
compare() {
  { diff "$1" "$2" || true; } | { grep '^>' || true; } > "$2.differing"
  differing=$(wc -l < "$2.differing")
}

# run NAME NUMBER [OPTION...]: one run; leaves its table, or the last line that it wrote.
run() {
  local name=$1 number=$2 folder="$work/$1-$2" start=$SECONDS code=0
  shift 2
  mkdir "$folder"
  dotnet tool/bin/Release/net10.0/merbench.dll run benchmarks/quickstart.yaml --quiet \
    --cache "$folder/cache" --output "$folder/results" "$@" > "$folder/output" 2>&1 || code=$?
  if [[ $code -eq 0 ]]; then
    table "$folder/results/results.json" > "$work/$name-$number.table"
    echo "$name, run $number: exit code 0, table $(sha256sum < "$work/$name-$number.table" | head -c 12) ($((SECONDS - start)) s)"
  else
    echo "$name, run $number: exit code $code: $(tail -n 1 "$folder/output") ($((SECONDS - start)) s)"
  fi
  rm -rf "$folder"
}

# judge NAME: says how many runs ended well with the table of the first that did.
judge() {
  local name=$1 alike=0 first=''
  for number in $(seq "$runs"); do
    local table="$work/$name-$number.table"
    [[ -e $table ]] || continue
    [[ -n $first ]] || { first=$table; cp "$table" "$work/$name.table"; }
    compare "$first" "$table"
    if [[ $differing -eq 0 ]]; then alike=$((alike + 1))
    else echo "$name, run $number: $differing values differ, first $(head -n 1 "$table.differing" | cut -c 3-)"; fi
  done
  echo "$name: $alike of $runs runs end with exit code 0 and the same table."
  [[ $alike -eq $runs ]] || failed=1
}

failed=0
dotnet build tool -c Release -v quiet --nologo
if [[ $kinds == *all-threads* ]]; then
  for number in $(seq "$runs"); do run all-threads "$number"; done
fi
if [[ $kinds == *one-thread* ]]; then
  for number in $(seq "$runs"); do
    run one-thread "$number" --threads 1 &
    if [[ $((number % $(nproc))) -eq 0 ]]; then wait; fi
  done
  wait
fi
for kind in $kinds; do judge "$kind"; done
if [[ -e $work/one-thread.table && -e $work/all-threads.table ]]; then
  compare "$work/one-thread.table" "$work/all-threads.table"
  echo "One thread and all differ in $differing of $(wc -l < "$work/all-threads.table") values."
fi
exit "$failed"
