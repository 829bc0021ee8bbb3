#!/usr/bin/env bash
# report-refresh.sh CODE REPORT URL: keep one issue open while the nightly refresh fails, close it when
# it is good again. CODE is the exit code of `python -m crawler refresh`, REPORT its JSON, URL the run.
set -euo pipefail
code=$1 report=$2 url=$3
title="The nightly refresh fails"
number=$(gh issue list --state open --search "in:title \"$title\"" --json number,title \
  --jq "map(select(.title == \"$title\")) | .[0].number // empty")

if [ "$code" = 0 ]; then
  [ -z "$number" ] || gh issue close "$number" --comment "Good again: $url"
  exit 0
fi

case $code in
  1) meaning="a page was refused, or nothing came from a source for too long; the last good data of that source go on answering" ;;
  3) meaning="no source could be fetched; the last good data go on answering" ;;
  *) meaning="the run could not be carried out; what was published before stays" ;;
esac
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  echo "Exit code $code: $meaning."
  echo
  echo "$url"
  echo
  # Indented, not fenced: a printed name may hold a fence.
  { head -c 50000 "$report" 2>/dev/null || echo "no report was written"; } | sed 's/^/    /'
} > "$body"

if [ -n "$number" ]; then
  gh issue comment "$number" --body-file "$body"
else
  gh issue create --title "$title" --body-file "$body"
fi
