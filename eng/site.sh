#!/usr/bin/env bash
# Builds the documentation site of this checkout and checks its links. Needs .NET and Node.
#
#   eng/site.sh [FOLDER] [--tags]     FOLDER is artifacts/site unless it is named
#
# The site goes to FOLDER/VERSION; versions that lie there already stay. FOLDER/versions.json lists them, newest first, and
# FOLDER/index.html leads to the newest release. --tags builds the site of every release too, by the release's own script.
set -euo pipefail
site=artifacts/site tags=false
for argument in "$@"; do
  case $argument in
    --tags) tags=true ;;
    -*) echo "usage: eng/site.sh [FOLDER] [--tags]" >&2; exit 3 ;;
    *) site=$(realpath -m "$argument") ;;
  esac
done
cd "$(dirname "$0")/.."
site=$(realpath -m "$site")
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if $tags; then
  rm -rf artifacts/tags && git worktree prune
  for tag in $(git tag --list 'v*'); do
    git worktree add --detach "artifacts/tags/$tag" "$tag"
    [[ ! -x artifacts/tags/$tag/eng/site.sh ]] || "artifacts/tags/$tag/eng/site.sh" "$site"
    git worktree remove --force "artifacts/tags/$tag"
  done
fi

# The version is that of the packages.
dotnet restore src/Abstractions
version=$(dotnet msbuild src/Abstractions -t:MinVer -getProperty:Version)

rm -rf artifacts/site-api "${site:?}/$version"
# docfx is 100 MB that nobody else needs: the site has a manifest of its own.
(
  cd site
  dotnet tool restore
  dotnet docfx metadata docfx.json --warningsAsErrors
  dotnet docfx build docfx.json --warningsAsErrors --output "$site/$version" --metadata "_appFooter=MerBench $version"
)

# A pre-release such as 0.2.0-dev.1 is older than 0.2.0: sort has "~" for that.
cd "$site"
versions=$(ls -d [0-9]*/ | tr -d / | tr - '~' | sort --version-sort --reverse | tr '~' -)
newest=$(grep --max-count=1 --invert-match - <<< "$versions" || head --lines=1 <<< "$versions")
sed 's/.*/"&"/' <<< "$versions" | paste --serial --delimiters=, | sed 's/.*/[&]/' > versions.json
cat > index.html <<HTML
<!DOCTYPE html>
<html lang="en">
  <meta charset="utf-8">
  <title>MerBench</title>
  <meta http-equiv="refresh" content="0; url=$newest/index.html">
  <p>Documentation of MerBench, by version:</p>
  <ul>
$(sed 's|.*|    <li><a href="&/index.html">&</a></li>|' <<< "$versions")
  </ul>
</html>
HTML

# docfx has checked the links of Markdown. This checks those of the finished pages, the API reference too, but leaves other sites alone.
npx --yes linkinator@7.6.1 index.html "$version/**/*.html" --check-fragments --skip '^https?://(?!localhost)' --verbosity error
echo "$site/$version"
