/**
 * iptables rules that say of every packet when it entered or left a host, as in the article: LOG rules with the
 * prefixes `[TCP] ` and `[UDP] `, behind them what tells the rules apart (the pair's tag, host, chain).
 *
 * The lines go to the kernel's log, which only root can read (see kernel-log.ts). Elsewhere NFLOG rules with the
 * same prefix hand the packets to tcpdump, and lines of the same form are made from them later.
 */
import { CannotRun, hostsOfPair, type Host, type Pair } from '../hosts/host.ts';
import { fencePorts } from '../model/fence.ts';

export const nflogGroup = 5;

export async function installRules(pair: Pair, target: 'LOG' | 'NFLOG'): Promise<void> {
  const hosts = hostsOfPair(pair);
  await Promise.all(hosts.map((host) => host.shell(rules(pair.tag, host, target)))).catch(
    (error: unknown) => {
      throw new CannotRun({
        what: `iptables cannot make ${target} rules`,
        why: error instanceof Error ? error.message : String(error),
        mend: `load the kernel's modules for it: modprobe -a xt_${target} nf_log_syslog nfnetlink_log`,
      });
    },
  );
}

/** The log prefix has at most 29 characters (iptables-extensions(8)). */
function rules(tag: string, host: Host, target: 'LOG' | 'NFLOG'): string {
  const lines = ['INPUT', 'OUTPUT'].flatMap((chain) =>
    ['tcp', 'udp', 'icmp'].map((protocol) => {
      const prefix = `"[${protocol.toUpperCase()}] ${tag} ${host.name} ${chain} "`;
      const how =
        target === 'LOG'
          ? // debug: below any console's level; sequence and options: to find the segment in the captures
            `LOG --log-level debug --log-tcp-sequence --log-tcp-options --log-prefix ${prefix}`
          : // threshold 1: the kernel would hold back 100 packets or a second
            `NFLOG --nflog-group ${nflogGroup} --nflog-threshold 1 --nflog-prefix ${prefix}`;
      return `-A ${chain} -p ${protocol} -j ${how}`;
    }),
  );
  // Nobody listens for fences: without this rule each would draw an ICMP error, and those are rate-limited.
  const fences = `-A INPUT -p udp --dport ${fencePorts.first}:${fencePorts.last} -j DROP`;
  return `iptables-restore --noflush <<'rules'\n*filter\n${lines.join('\n')}\n${fences}\nCOMMIT\nrules`;
}
