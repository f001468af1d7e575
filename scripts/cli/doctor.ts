/** `echolab doctor`: what works here and what does not, why, and how to mend it. Every line is tried, not guessed. */
import { arch, availableParallelism, release } from 'node:os';
import { examineDocker } from '../hosts/docker-doctor.ts';
import type { Obstacle } from '../hosts/host.ts';
import { checkKernel } from '../record/kernel-check.ts';
import { checkKernelLog } from '../record/kernel-log.ts';
import { checkNfLog } from '../record/nf-log.ts';
import { checkStrace } from '../record/strace.ts';
import { packages, tools, versionOf, whichMissing } from '../record/tool.ts';
import { colours, plain, type Paint } from '../render/paint.ts';
import { drawTag } from './plan.ts';
import { checkNamespaces } from './prepare.ts';
import { readFlags } from './usage.ts';

const help = `echolab doctor

  One screen: which hosts and recorders work on this machine, and what would mend what does not.
  Exit code 0 where the lab can run, 3 where it cannot.
`;

/** One line of the screen. */
interface Finding {
  readonly name: string;
  /** What was found, where it works. */
  readonly fine: string;
  readonly obstacle: Obstacle | undefined;
  /** Without it the lab cannot run. */
  readonly needed: boolean;
}

export async function run(args: string[]): Promise<number> {
  const { values } = readFlags(args, { help: { type: 'boolean', short: 'h', default: false } });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const paint = process.stdout.isTTY && !process.env['NO_COLOR'] ? colours : plain;
  const [findings, docker] = await Promise.all([
    Promise.all([checkTools(), ...checks(), checkTracer()]),
    examineDocker(drawTag()),
  ]);
  const user = process.getuid?.() === 0 ? 'root' : 'an ordinary user';
  const lines = [
    `Linux ${release()}, ${arch()}, ${availableParallelism()} cores, node ${process.versions.node}, as ${user}`,
    '',
    'LAB_BACKEND=namespaces',
    ...findings.flatMap((finding) => show(finding, paint)),
    '',
    'LAB_BACKEND=docker, the default where an engine answers',
    ...docker.flatMap(({ name, found, obstacle, optional = false }) =>
      show({ name, fine: found, obstacle, needed: !optional }, paint),
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  const stands = ({ needed, obstacle }: Pick<Finding, 'needed' | 'obstacle'>) =>
    needed && obstacle !== undefined;
  const noDocker = docker.some(({ optional = false, obstacle }) => stands({ needed: !optional, obstacle }));
  return findings.some(stands) && noDocker ? 3 : 0;
}

function checks(): Promise<Finding>[] {
  const finding = async (
    name: string,
    fine: string,
    needed: boolean,
    obstacle: Promise<Obstacle | undefined>,
  ) => ({
    ...{ name, fine, needed },
    obstacle: await obstacle,
  });
  return [
    finding('namespaces', 'hosts as network namespaces', true, checkNamespaces()),
    finding('strace', 'ptrace(2) is allowed', true, checkStrace()),
    finding('LOG', 'nf_log_all_netns can be switched on', false, checkNfLog()),
    finding('kernel log', '/dev/kmsg can be read', false, checkKernelLog()),
  ];
}

async function checkTracer(): Promise<Finding> {
  return { name: 'kernel tracer', needed: false, ...(await checkKernel()) };
}

async function checkTools(): Promise<Finding> {
  const missing = await whichMissing(tools);
  const found = { strace: '-V', tcpdump: '--version', iptables: '--version', ip: '-V' };
  const versions = Object.entries(found).map(
    async ([tool, flag]) => `${tool} ${await versionOf(tool, [flag])}`,
  );
  const obstacle = {
    what: `missing: ${missing.join(', ')}`,
    why: 'not in PATH; as root on a Debian-like system make lab installs them',
    mend: `apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  };
  if (missing.length > 0) return { name: 'tools', fine: '', needed: true, obstacle };
  return { name: 'tools', fine: (await Promise.all(versions)).join(', '), needed: true, obstacle: undefined };
}

function show({ name, fine, obstacle, needed }: Finding, paint: Paint): string[] {
  if (obstacle === undefined) return [`${paint.green('✔')} ${name.padEnd(16)} ${fine}`];
  const mark = needed ? paint.red('✘') : paint.yellow('–');
  return [
    `${mark} ${name.padEnd(16)} ${obstacle.what}`,
    `                   why   ${obstacle.why}`,
    `                   mend  ${obstacle.mend}`,
  ];
}
