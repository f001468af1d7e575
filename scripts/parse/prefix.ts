/** The prefix of the lab's LOG and NFLOG rules: the article's `[TCP] `, then what tells the rules apart. */
export interface RulePrefix {
  /** `[TCP] k3f9a client OUTPUT `, as the kernel prints it, with its last blank. */
  prefix: string;
  /** One per lab: k3f9a. */
  tag: string;
  host: string;
  chain: string;
}

/**
 * Undefined for the prefix of somebody else's rule. LOG keeps 29 characters (linux/netfilter/xt_LOG.h, prefix[30]),
 * so that a long one may have lost its last blank.
 */
export function readPrefix(prefix: string): RulePrefix | undefined {
  const [, tag, host, chain] = /^\[\w+\] (\S+) (\S+) (\S+) ?$/.exec(prefix) ?? [];
  if (tag === undefined || host === undefined || chain === undefined) return undefined;
  return { prefix, tag, host, chain };
}
