#!/usr/bin/env bash
# Fetches the pinned scripts of HTML reports and copies them to where the host embeds them. Needs npm; only to be run when a version changes: the copies are checked in.
set -euo pipefail
cd "$(dirname "$0")"
assets=../../src/Host/Reports/Html/assets

npm ci --no-audit --no-fund
for package in vega vega-lite vega-embed; do
  # The maps are not embedded, so their address goes; a script must not close the element that it stands in.
  grep -v '^//# sourceMappingURL=' "node_modules/$package/build/$package.min.js" > "$assets/$package.min.js"
  if grep -qi '</script' "$assets/$package.min.js"; then echo "$package cannot be inlined: it holds an end of script" >&2; exit 1; fi
  cp "node_modules/$package/LICENSE" "$assets/$package.LICENSE.txt"
done
ls -l "$assets"
