#!/bin/sh
# Refresh and publish, then wait, for ever: refresh.sh DESTINATION SECONDS
# A bad night publishes what is good all the same; what could not be published is tried again soon.
trap 'kill "$job" 2> /dev/null; exit 0' TERM INT
run() { "$@" & job=$!; wait "$job"; }

while :; do
    run python -m crawler refresh || echo "refresh: exit code $?" >&2
    seconds=$2
    run python -m crawler publish "$1" || { echo "publish: exit code $?" >&2; [ "$2" -lt 300 ] || seconds=300; }
    run sleep "$seconds"
done
