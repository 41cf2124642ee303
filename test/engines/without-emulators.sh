#!/bin/bash
# Runs a program on a machine without emulators: in a user namespace of its own, whose binfmt_misc is its own and empty, so that
# the kernel executes no other CPU's programs. It stays root over everything that root has here.
#
#   without-emulators.sh PROGRAM ARGUMENT…
#
# Kernels before 6.7 have one binfmt_misc for all: there an empty folder in its place hides what is registered.
set -eu

# Nobody until its users are mapped.
inside='until grep -q . /proc/self/gid_map; do sleep 0.02; done
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc 2>/dev/null || mount -t tmpfs none /proc/sys/fs/binfmt_misc
exec "$@"'

# Not necessarily on the PATH of the program.
unshare=$(PATH=$PATH:/usr/bin:/bin command -v unshare)
setpriv --pdeathsig KILL "$unshare" --user --mount --propagation private sh -c "$inside" sh "$@" &
program=$!
until [ "$(readlink "/proc/$program/ns/user")" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.02; done
echo '0 0 4294967295' >"/proc/$program/uid_map"
echo '0 0 4294967295' >"/proc/$program/gid_map"
wait "$program"
