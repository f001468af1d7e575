#!/bin/sh
# What must be there before a verb can run: the project's own Node, and the packages that the verb needs.
#
#   setup.sh        what the lab runs on
#   setup.sh all    and what checks, tests and measures it
#
# make calls it before every verb, so it takes a few ms where nothing is missing. What is missing it installs, and says
# so; where it cannot, it says what, why, and how to mend it, and exits with 3.
set -u
cd "${0%/*}/../.." || exit

wanted=${1-lab}
case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) arch= ;; esac
own=node_modules/node-linux-$arch/bin/node
# npm writes this list last, so what it names is there.
installed=node_modules/.package-lock.json

cannot() { # WHAT WHY MEND
  printf '%s\n  why   %s\n  mend  %s\n' "$1" "$2" "$3" >&2
  exit 3
}

get_libatomic() {
  what='missing: libatomic.so.1'
  needed="the project's own Node needs it"
  command='apt-get install -y --no-install-recommends libatomic1'
  # Who must ask somebody else for it asks once: the lab's tools are what would be missing next.
  mend="$command strace tcpdump iptables iproute2"
  command -v apt-get >/dev/null ||
    cannot "$what" "$needed, and this is no Debian-like system to install it on" 'install the package that has libatomic.so.1'
  [ "${LAB_INSTALL-}" != 0 ] || cannot "$what" "$needed, and LAB_INSTALL=0 forbids to install it" "$mend"
  [ "$(id -u)" = 0 ] || cannot "$what" "$needed, and only root can install it" "$mend"
  echo "$what; installing with apt-get (LAB_INSTALL=0 forbids this)" >&2
  export DEBIAN_FRONTEND=noninteractive
  # On a fresh machine the lists of packages may be missing or old.
  said=$($command 2>&1) || said=$(apt-get update -q 2>&1 && $command 2>&1) ||
    cannot "$what" "$(printf '%s\n' "$said" | tail -n 3 | tr '\n' ' ')" "$mend"
}

changed() {
  [ -n "$(find package.json package-lock.json scripts/strace-parser/package.json -newer "$installed")" ]
}

has_all() { grep -qs '"dev": true' "$installed"; }

up_to_date() { [ -e "$installed" ] && ! changed && { [ "$wanted" = lab ] || has_all; }; }

# npm install, not npm ci: it follows the lock file as well, and keeps what is there, compiled programs too.
install() {
  for program in node npm; do
    command -v $program >/dev/null || cannot "missing: $program" \
      "npm brings the project's own Node and packages" 'apt-get install nodejs npm, or any other way to Node 18 or newer'
  done
  # Packages for one platform alone are left out, without a word, where the Node that runs npm is too old for them.
  version=$(node --version)
  major=${version#v}
  [ "${major%%.*}" -ge 18 ] || cannot "Node $version is too old to begin with" \
    "under it npm leaves out packages; it takes Node 18, which then brings the project's own" 'install Node 18 or newer'
  case $wanted in lab) what='what the lab runs on (70 MB to download, 235 on disk)' ;;
  *) what='what the lab runs on and what tests it (160 MB to download, 385 on disk)' ;; esac
  [ ! -e "$installed" ] || what='what tests the lab (90 MB to download, 150 on disk)'
  ! { [ -e "$installed" ] && changed; } || what='what has changed in package-lock.json'
  if [ "$wanted" = lab ] && ! has_all; then omit=--omit=dev; else omit=--include=dev; fi
  echo "installing $what; npm's cache is used first" >&2
  # The project's own Node runs npm as soon as it is there (PATH). A Debian npm looks for its parts where Debian's Node does.
  machines=$(PATH=${PATH#*node_modules/.bin:} && command -v node) &&
    NODE_PATH=$("$machines" -p 'require("module").globalPaths.join(":")') && export NODE_PATH
  said=$(npm install --no-save --ignore-scripts "$omit" --prefer-offline --loglevel=error \
    --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 2>&1 >/dev/null) || explain "$said"
  touch "$installed"
}

explain() { # WHAT-NPM-SAID
  log=$(printf '%s\n' "$1" | sed -n 's|^[^/]*\(/.*\.log\)$|\1|p' | tail -n 1)
  why=$(printf '%s\n' "$1" | sed -n 's/.*, reason: //p' | head -n 1)
  # Some versions of npm 10 keep the reason to their log.
  [ -n "$why" ] || why=$(sed -n 's/.*http fetch .* attempt [0-9]* failed with /the registry: /p' "$log" 2>/dev/null | head -n 1)
  if [ -n "$why" ]; then mend='connect to a network where npm reaches its registry (npm config get registry, proxy, cafile)'
  else
    why=$(printf '%s\n' "$1" | sed -n 's/^npm [eE][rR][rR][a-z!]* //p' | grep -v '^\(code\|syscall\|errno\|path\)' | head -n 1)
    mend="npm's own log says more: $log"
  fi
  cannot 'npm cannot install the packages' "$why" "$mend"
}

# The loader lists the libraries ten times sooner than Node starts.
starts() {
  libraries=$(LD_TRACE_LOADED_OBJECTS=1 "$own" 2>&1) || return
  case $libraries in *'not found'*) return 1 ;; esac
}

find_node() {
  said=$("$own" --version 2>&1) && return
  case $said in *libatomic.so.1*)
    get_libatomic
    said=$("$own" --version 2>&1) && return
    ;;
  esac
  # Where the project's own cannot be executed at all, node is the machine's (PATH).
  version=$(node --version 2>/dev/null)
  major=${version#v}
  [ "${major%%.*}" -ge 24 ] 2>/dev/null && return
  mend="install Node 24 or newer: it serves in place of the project's own"
  case $said in
    *'shared librar'*) ;;
    *'not found' | *'No such file or directory')
      cannot "no Node here can run the project${version:+, $version is too old}" \
        "its own takes Linux with glibc on x86-64 or arm64, and this is $(uname -sm)" "$mend"
      ;;
  esac
  cannot "the project's own Node does not start" "$said" "$mend"
}

ready() { starts || find_node; }

# A small Debian lacks it, and that is better said before the download.
lacks_libatomic() {
  [ -n "$arch" ] && command -v apt-get >/dev/null && [ -n "$(LD_PRELOAD=libatomic.so.1 /bin/sh -c : 2>&1)" ]
}

if ! up_to_date; then
  if [ -e "$own" ]; then ready; elif lacks_libatomic; then get_libatomic; fi
  # Another make in this checkout may be at it: then there is nothing left to do.
  if command -v flock >/dev/null; then exec 9<package-lock.json && flock 9; fi
  up_to_date || install
fi
ready
