#!/usr/bin/env bash
# Counts what makes C# hard to read, on the working tree, as a Markdown table: eng/house.sh [--list WORD] [ROOT]
# --list shows the places behind the counts whose names hold WORD, such as --list conditional.
set -euo pipefail
exec python3 -B "$(dirname "$0")/house/counts.py" "$@"
