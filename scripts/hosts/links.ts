/** The links of a host, as its control shell makes and shows them. */
import type { Link } from './host.ts';

/** An interface as it is to be set up: `address` in the words of ip-address(8). */
export type Wanted = Pick<Link, 'to' | 'interface'> & { readonly address: string };

/** `readLinks` reads what it prints. IPv6 would talk by itself, its neighbour discovery on every link. */
export const setUpLinks = (wanted: readonly Wanted[]): string => `
[ ! -w /proc/sys/net/ipv6/conf/all/disable_ipv6 ] || echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip -batch - <<'batch'
link set lo up
${wanted.map((link) => `address add ${link.address} dev ${link.interface}\nlink set ${link.interface} up`).join('\n')}
batch
ip -6 address flush scope link 2>/dev/null
ip -o link show`;

/** From lines such as `5: ek3f9c@if4: <BROADCAST,…> … link/ether 9a:…`. */
export const readLinks = (shown: string, wanted: readonly Wanted[]): Link[] =>
  wanted.map(({ to, interface: name }) => {
    const line = shown.split('\n').find((one) => one.includes(` ${name}@`) || one.includes(` ${name}:`));
    const found = /^(\d+):.*link\/ether (\S+)/.exec(line ?? '');
    if (found === null) throw new Error(`the interface ${name} is not there:\n${shown}`);
    return { to, interface: name, index: Number(found[1]), hardware: found[2] ?? '' };
  });

/** Sets a sysctl and prints what it was. */
export const setSysctl = (name: string, value: string): string => {
  const file = `/proc/sys/${name.replaceAll('.', '/')}`;
  return `read -r was <${file} && echo "$was" && { [ "$was" = '${value}' ] || echo '${value}' >${file}; }`;
};
