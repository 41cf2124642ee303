#!/bin/bash
# mmdebstrap hook: does to an unpacked Debian what its packages' own scripts would have done and images need. Those
# scripts would have to run on the target's CPU; this runs on ours.
#
#   unconfigured-root.sh ROOT
set -eu
cd "$1"

# apt and scanners read what is installed from here.
for deb in var/cache/apt/archives/*.deb; do
  dpkg-deb --field "$deb" | sed '1a Status: install ok installed' >>var/lib/dpkg/status
  echo >>var/lib/dpkg/status
  name=$(dpkg-deb --field "$deb" Package)
  if [ "$(dpkg-deb --field "$deb" Multi-Arch)" = same ]; then
    name=$name:$(dpkg-deb --field "$deb" Architecture)
  fi
  dpkg-deb --fsys-tarfile "$deb" | tar --list | sed 's#^\.##; s#/$##; s#^$#/.#' >"var/lib/dpkg/info/$name.list"
done

cp usr/share/base-passwd/passwd.master etc/passwd
cp usr/share/base-passwd/group.master etc/group
sed -i 's/:\*:/:x:/' etc/passwd
echo '_apt:x:42:65534::/nonexistent:/usr/sbin/nologin' >>etc/passwd
echo 'node:x:1000:1000::/home/node:/bin/bash' >>etc/passwd
echo 'node:x:1000:' >>etc/group
mkdir --parents home/node
chown 1000:1000 home/node

ln --symbolic --force mawk usr/bin/awk
cat usr/share/ca-certificates/mozilla/*.crt >etc/ssl/certs/ca-certificates.crt
