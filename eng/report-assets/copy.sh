#!/usr/bin/env bash
# Fetches the pinned scripts of HTML reports and copies them to where the host embeds them. Needs npm; only to be run when a version changes: the copies are checked in.
set -euo pipefail
cd "$(dirname "$0")"
assets=../../src/Reports/Html/assets

npm ci --no-audit --no-fund
for package in vega vega-lite vega-embed; do
  # The maps are not embedded, so their address goes; a script must not close the element that it stands in.
  grep -v '^//# sourceMappingURL=' "node_modules/$package/build/$package.min.js" > "$assets/$package.min.js"
  if grep -qi '</script' "$assets/$package.min.js"; then echo "$package cannot be inlined: it holds an end of script" >&2; exit 1; fi
done

# Licences of everything that is in the three bundles, each text once, after the names of its packages. Pages carry them.
declare -A packages
for folder in node_modules/{d3-*,delaunator,fast-json-patch,internmap,json-stringify-pretty-compact,robust-predicates,semver,topojson-client,tslib,vega,vega-*}; do
  licence=$(ls "$folder"/LICEN[SC]E* | head -1)
  text=$(sed 's/[[:space:]]*$//' "$licence")
  packages[$text]+="${folder#node_modules/} "
done
for text in "${!packages[@]}"; do printf '%s\n\n%s\n\n' "${packages[$text]}" "$text"; done | LC_ALL=C awk 'BEGIN { RS = "" } { print $0 "\n" }' > "$assets/licences.txt"
ls -l "$assets"
