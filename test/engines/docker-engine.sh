#!/bin/bash
# Runs a Docker engine out of a Debian root folder until the owner process ends, then removes every trace of it.
#
#   docker-engine.sh ROOT INSTANCE OWNER SUBNET IMAGE_STORE [ARGUMENT…]
#
# ROOT      folder with dockerd, containerd, runc and their libraries, as docker.ts makes it
# INSTANCE  new folder in the temporary folder, for socket, data and log of this engine; removed at the end
# OWNER     process id: the engine ends with this process, however that ends
# SUBNET    the engine's own network, as the first three numbers of its addresses
# IMAGE_STORE  containerd, which keeps all platforms of an image, or classic, which keeps one
# ARGUMENT  more arguments of dockerd
#
# The engine lives in mount and PID namespaces of its own. The first because runc must be able to pivot_root, which it
# cannot below a chroot; the second because the kernel ends everything in it as soon as its first process is killed.
set -eu

step=outside
if [ "$1" = inside ]; then
  step=inside
  shift
fi
root=$1 instance=$2 owner=$3 subnet=$4 image_store=$5
name=ea-${instance##*-}

# Left to itself, Docker adds firewall rules and a bridge to the host and leaves both behind. A bridge that we can remove
# is enough for published ports, because docker-proxy forwards them.
add_bridge() {
  chroot "$root" ip link add "$name" type bridge
  chroot "$root" ip address add "$subnet.1/24" dev "$name"
  chroot "$root" ip link set "$name" up
}

remove_traces() {
  set +e
  kill -KILL "$engine" "$watch" 2>/dev/null
  wait "$engine" "$watch" 2>/dev/null
  chroot "$root" ip link delete "$name"
  find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} + 2>/dev/null
  rm -rf "$instance"
}

enter_root() {
  local shared mount
  shared=$(dirname "$instance")
  mount --rbind "$root" "$root"
  cd "$root"
  mkdir -p ".$shared" run/outside
  for mount in /dev /sys "$shared"; do mount --rbind "$mount" ".$mount"; done
  for mount in /etc/resolv.conf /etc/hosts; do
    touch ".$mount"
    mount --bind "$mount" ".$mount"
  done
  mount -t proc proc proc
  pivot_root . run/outside
  umount --lazy /run/outside
  mount -t tmpfs tmpfs /run
}

if [ "$step" = inside ]; then
  enter_root
  export PATH=/usr/sbin:/usr/bin:/sbin:/bin
  snapshotter=$([ "$image_store" = containerd ] && echo true || echo false)
  echo '{"features":{"containerd-snapshotter":'"$snapshotter"'}}' >/run/daemon.json
  # Not exec: this shell is the namespace's first process and collects the shims that have ended.
  dockerd --config-file /run/daemon.json --host "unix://$instance/docker.sock" \
    --data-root "$instance/data" --exec-root "$instance/exec" --pidfile /run/dockerd.pid \
    --iptables=false --ip6tables=false --ip-forward=false --bridge "$name" --cgroup-parent "/$name" "${@:6}"
  exit
fi

engine='' watch=''
trap remove_traces EXIT
trap exit TERM INT HUP
add_bridge
setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork --kill-child \
  "$0" inside "$@" >"$instance/engine.log" 2>&1 &
engine=$!
tail --pid="$owner" -f /dev/null &
watch=$!
wait -n || true
