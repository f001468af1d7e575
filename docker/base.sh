#!/bin/sh
# A base image without a registry: writes a tar of this machine's own tools and the libraries they need, to be
# read by `docker import -`. About 20 MB, two seconds, no root and no package mirror; Linux with glibc only.
#
#   docker/base.sh | docker import - echolab-base      (the lab does it by itself; see scripts/hosts/docker-image.ts)
#
# The image stands alone afterwards: nothing of the machine is mounted into the hosts.
set -eu
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

tools='strace tcpdump ip ss tc iptables iptables-save iptables-restore awk ping
  base64 bash sh cat chmod cp cut date dd dmesg echo env false flock grep head id kill ln ls mkdir mktemp mv nsenter od printf ps
  readlink rm rmdir sed setpriv sleep sort stat tail tar tee test timeout touch tr true uname uniq wc'

# Not `command -v`: it gives the shell's own echo, kill and test.
where() { for folder in $(echo "$PATH" | tr : ' '); do [ -x "$folder/$1" ] && echo "$folder/$1" && return; done; }
missing=''
for tool in strace tcpdump ip ss tc iptables iptables-restore bash flock; do
  [ -n "$(where $tool)" ] || missing="$missing $tool"
done
[ -z "$missing" ] || { echo "missing here:$missing" >&2; exit 1; }

files=$(for tool in $tools; do where "$tool" || true; done)
# iptables loads its matches and targets by name from this folder.
modules=$(find /usr/lib /lib -follow -type d -name xtables 2>/dev/null | head -n 1)
extensions=$(for name in LOG NFLOG comment icmp multiport standard statistic tcp udp; do
  find "$modules" -name "libxt_$name.so" -o -name "libipt_$name.so"
done)
# What Node is linked against (it is mounted, not copied); libdl and libpthread are names only in newer glibc.
node=${ECHOLAB_NODE:+$(ldd "$ECHOLAB_NODE" | grep -o '/[^ ]*' || true)}
# The C library loads them by name where they are not part of it (glibc before 2.34): names are looked up with them.
libc=$(ldd "$(where bash)" | sed -n 's/.*=> \(.*\)\/libc\.so.*/\1/p')
resolver=$(for name in files dns; do echo "$libc/libnss_$name.so.2"; done; echo "$libc/libresolv.so.2")
# shellcheck disable=SC2086
libraries=$(ldd $files $extensions 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p; s/^\t\(\/[^ ]*\) (.*/\1/p')

# Every system is laid out as one with merged /usr, whatever this one is: /lib/x → /usr/lib/x.
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64" "$root/etc" "$root/root"
mkdir -p "$root/proc" "$root/sys" "$root/dev" "$root/var/run" "$root/var/lib"
mkdir -m 1777 "$root/tmp"
mkdir "$root/run"
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
echo 'root:x:0:0:root:/root:/bin/bash
nobody:x:65534:65534:nobody:/:/bin/false' >"$root/etc/passwd"
echo 'root:x:0:
nogroup:x:65534:' >"$root/etc/group"
. /etc/os-release
echo "PRETTY_NAME=\"${PRETTY_NAME-Linux} (tools of the machine)\"" >"$root/etc/os-release"

# shellcheck disable=SC2086
tar -ch -C / --ignore-failed-read --transform 's,^\(bin\|sbin\|lib\|lib64\)/,usr/\1/,' \
  $(printf '%s\n' $files $extensions $libraries $resolver $node | sed 's,^/,,' | sort -u) 2>/dev/null | tar -x -C "$root"
tar -c -C "$root" --owner=0 --group=0 --numeric-owner --mode=a+rX .
