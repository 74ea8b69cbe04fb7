#!/usr/bin/env bash
# A study divided by GNU parallel: parallel.sh FILE SHARDS [OPTIONS of parallel], such as
#   parallel.sh study.yaml 8 -j 4
#   parallel.sh study.yaml 8 --sshlogin one,two --workdir .    (one store: the folder is on a disk that all of them share)
# Run it again after whatever happened: what is finished is not computed again.
set -euo pipefail
file=$1 shards=$2
shift 2
dotnet merbench plan "$file" -o plan --shards "$shards"
# Exit code 1 says that a cell failed, which the merge tells; a shard that died is begun again, twice at most.
seq "$shards" | parallel --retries 3 "$@" "dotnet merbench run '$file' --plan plan --shard {}/$shards -q || [ \$? -eq 1 ]"
dotnet merbench merge "$file" --plan plan
