#!/bin/bash
# Runs a program until it ends, its owner ends, or this is told to end; then removes the program's folder.
#
#   owned.sh OWNER FOLDER PROGRAM ARGUMENT…      OWNER is a process id
set -eu

owner=$1 folder=$2
shift 2

"$@" &
program=$!
tail --pid="$owner" -f /dev/null &
watch=$!

end() {
  set +e
  kill "$program" "$watch" 2>/dev/null
  wait "$program" "$watch" 2>/dev/null
  rm -rf "$folder"
}
trap end EXIT
trap exit TERM INT HUP
wait -n || true
