/** `make` as builds of addons find it: some call it with a bare `-j`, which starts a compiler for every source file at once. */

/** Text of a shell script that is called `make` and stands in a folder of PATH: a `-j` without a number gets this one. */
export function boundedMake(jobs: number): string {
  return `held=
for word do
  shift
  if [ -n "$held" ]; then
    held=
    case "$word" in
      ''|*[!0-9]*) set -- "$@" -j${jobs} ;;
      *) set -- "$@" "-j$word"; continue ;;
    esac
  fi
  case "$word" in
    -j|--jobs) held=yes ;;
    *) set -- "$@" "$word" ;;
  esac
done
[ -z "$held" ] || set -- "$@" -j${jobs}
IFS=:
for folder in $PATH; do
  [ "$folder" = "\${0%/*}" ] || [ ! -x "$folder/make" ] || exec "$folder/make" "$@"
done
echo 'make: not found' >&2
exit 127
`
}
