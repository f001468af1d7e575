#!/bin/sh
# Makes a log of at least BYTES (default 100 MB) from programs of this machine: bench-log.sh FILE [BYTES]
# Options as the lab records: -f -ttt -T -yy. Not committed: a log of this size is made in a minute or two.
set -u
log=$1 bytes=${2:-104857600}
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
trace() { strace -A -f -ttt -T -yy -o "$log" "$@" >/dev/null 2>&1 </dev/null; }
: >"$log"
while [ "$(wc -c <"$log")" -lt "$bytes" ]; do
  trace find /usr/share /usr/lib -newer /etc/passwd -size +1k
  trace tar -C /usr/include -cf "$work/include.tar" .
  trace tar -C "$work" -xf "$work/include.tar"
  trace grep -rl main "$work"
  trace du -s /usr/lib /usr/include
  trace ls -lR /etc /usr/include
  trace sh -c 'for n in 1 2 3 4 5 6 7 8 9 10; do ls -l / | sort | wc -l; done'
  trace python3 -c 'import threading, json, http.client
def work(n):
    for i in range(200): open("/proc/self/status").read()
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]'
  trace node -e 'const net = require("net"); const s = net.createServer(c => c.pipe(c)).listen(0, () => {
    let left = 50; for (let n = 0; n < 50; n++) { const c = net.connect(s.address().port, () => c.write("MESSAGE " + n));
    c.on("data", () => { c.end(); if (--left === 0) s.close(); }); } });'
  trace git -C "$(dirname "$0")" log --stat -5
  rm -rf "$work"/*
done
wc -lc "$log"
