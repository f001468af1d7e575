/** `echolab reference-kernel`: the lab on a stock Debian kernel that hides nothing, in a machine of its own. */
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { runGuest, share } from '../hosts/guest.ts';
import { CannotRun } from '../hosts/host.ts';
import { fetchStockKernel } from '../hosts/stock-kernel.ts';
import { judgeRun } from '../judge/run.ts';
import { readRecordings, readRun } from '../record/store.ts';
import { plain } from '../render/paint.ts';
import { renderRun } from '../render/text.ts';
import { choose, loadLessons } from './lessons.ts';
import { install, prepare } from './prepare.ts';
import { projectFolder } from './project.ts';
import { report } from './report.ts';
import { readFlags, UsageError } from './usage.ts';

const help = `echolab reference-kernel [--lesson dial,write,read,serve] [--minutes N] [--output DIR]

  Records lessons on a stock Debian kernel: it counts every function that a program runs, and shows all that runs
  under a connect(2). Many kernels do not allow that; this one is booted under QEMU, by software emulation.

  --lesson NAMES   dial, write, read and serve where nothing is said
  --minutes N      give up after so long; 90 where nothing is said
  --output DIR     where the run goes; traces/reference/linux-VERSION-stock where nothing is said; what is there is replaced

Downloads, the first time: the kernel (70 MB, kept below node_modules/.cache) and busybox, by apt-get from Debian; and
installs qemu-system-x86 if it is missing and you are root (LAB_INSTALL=0 forbids it). Takes 5 to 10 minutes of one
idle core for these lessons.
`;

const usual = 'dial,write,read,serve';

export async function run(args: string[]): Promise<number> {
  const { values } = readFlags(args, {
    lesson: { type: 'string', default: usual },
    minutes: { type: 'string', default: '90' },
    output: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const limitMs = Number(values.minutes) * 60_000;
  if (!(limitMs > 0)) throw new UsageError(`--minutes ${values.minutes}: a number of minutes is wanted`);
  const chosen = choose(await loadLessons(), values.lesson);
  if (process.arch !== 'x64')
    throw new CannotRun({
      what: `the guest is an x86-64, this machine is ${process.arch}`,
      why: 'it uses this machine’s tools and Node, as they are',
      mend: 'study the run that lies in traces/reference, or use an x86-64 machine',
    });
  await prepare();
  await install(['qemu-system-x86_64'], ['qemu-system-x86']);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const kernel = await fetchStockKernel(join(projectFolder, 'node_modules/.cache/stock-kernel'), say);
  await mkdir(join(projectFolder, 'traces/local'), { recursive: true });
  const folder = await mkdtemp(join(projectFolder, 'traces/local/.guest-'));
  try {
    say(`booting Linux ${kernel.release} under QEMU`);
    const script = labInGuest(chosen.map(({ id }) => id).join(','));
    const ended = await runGuest({ kernel, folder, script, say, limitMs });
    if (ended.status !== 0)
      throw new CannotRun({
        what: 'the lab in the guest has not recorded a run',
        why: ended.timedOut
          ? `it took longer than ${values.minutes} minutes`
          : `its exit status was ${ended.status ?? 'never written'}, QEMU’s ${ended.machine ?? 'unknown'}; see above`,
        mend: 'try again on an idle machine, or with a larger --minutes',
      });
    const place = resolve(
      values.output ??
        join(projectFolder, `traces/reference/linux-${/^\d+\.\d+/.exec(kernel.release)?.[0] ?? ''}-stock`),
    );
    return await keep(join(folder, 'traces/local'), place);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One scene at a time: the guest has one processor. */
const labInGuest = (lessons: string): string => `
echo "the guest is up after $(cut -d' ' -f1 /proc/uptime) s of its own clock; the lab begins"
ip link set lo up
export PATH='${dirname(process.execPath)}':/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LAB_BACKEND=namespaces LAB_INSTALL=0 LAB_KERNEL=own
cd '${projectFolder}' && node scripts/cli/main.ts lab --lesson ${lessons} --pairs 1 --record-only --traces ${share}/traces 2>&1 | cat
[ -e ${share}/traces/latest ]`;

async function keep(runs: string, place: string): Promise<number> {
  const [name] = (await readdir(runs)).filter((one) => !one.startsWith('.'));
  if (name === undefined) throw new Error(`no run in ${runs}`);
  await rm(place, { recursive: true, force: true });
  await mkdir(dirname(place), { recursive: true });
  await rename(join(runs, name), place);
  const format = 'verdicts,imprecise,runtimes,functions';
  const status = await report(place, undefined, {
    verbose: false,
    strict: false,
    answers: false,
    explain: false,
    format,
  });
  await writeFile(join(place, 'report.txt'), await textOf(place));
  return status;
}

/** The run as it is printed without a lesson's name; tests hold it against the recordings. */
async function textOf(place: string): Promise<string> {
  const run = await readRun(place);
  const files = await readRecordings(place, run);
  const judged = judgeRun(run, await loadLessons(), (scene) => files.get(scene) ?? new Map());
  const inside = place.startsWith(`${projectFolder}/`) ? place.slice(projectFolder.length + 1) : place;
  return renderRun(run, judged, {
    paint: plain,
    verbose: false,
    full: false,
    answers: false,
    folder: inside,
  });
}
