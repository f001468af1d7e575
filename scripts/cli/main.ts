/** The command line: a verb, its flags, and the only place that decides how the process ends. */
import { enableCompileCache } from 'node:module';
import { CannotRun } from '../hosts/host.ts';
import { NotARun } from '../record/not-a-run.ts';
import { projectFolder } from './project.ts';
import { Ended, noSuch, UsageError } from './usage.ts';

// Halves the time until the lab begins; what cannot be written is compiled again.
const cache = `${projectFolder}/node_modules/.cache/node`;
enableCompileCache(cache);
process.env['NODE_COMPILE_CACHE'] = cache; // the lab starts itself again, then from its first file on

const verbs: Readonly<Record<string, () => Promise<{ run: (args: string[]) => Promise<number> }>>> = {
  lab: () => import('./lab.ts'),
  report: () => import('./report.ts'),
  shell: () => import('./shell.ts'),
  run: () => import('./run.ts'),
  doctor: () => import('./doctor.ts'),
  clean: () => import('./clean.ts'),
  'reference-kernel': () => import('./reference-kernel.ts'),
  image: () => import('./image.ts'),
  fresh: () => import('./fresh.ts'),
  // Not for people: the lab runs itself with them inside its own namespaces.
  inside: () => import('./inside.ts'),
  'fresh-inside': () => import('./fresh-inside.ts'),
};
const verbsForPeople = Object.keys(verbs).filter((name) => !name.endsWith('inside'));

const help = `echolab: what TCP and UDP really do, on this machine

  echolab lab       record the lessons between two hosts and print what happened
  echolab report    print a run again from its files, without privileges
  echolab shell     a shell on a host of a standing pair, with the LOG rules in place
  echolab run       one program by hand, on this machine itself
  echolab doctor    what works here, what does not, and how to mend it
  echolab image     build the image of Docker's hosts
  echolab reference-kernel
                    record on a stock Debian kernel under QEMU, which shows every function
  echolab fresh     make lab and make test on Debian as it comes, as root and as an ordinary user
  echolab clean     undo what a killed lab may have left, remove unfinished runs

  echolab VERB --help says more.

Exit codes
  0  at least one claim met, none unmet (with --strict: none unobserved either)
  1  a claim is unmet
  2  the command line or its input is wrong
  3  it cannot run here: what, why and how to mend it are printed
`;

// An ordinary user's PATH on Debian lacks the folders of ip, iptables and tcpdump.
process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

const [verb = 'help', ...args] = process.argv.slice(2);
try {
  if (['help', '--help', '-h'].includes(verb)) {
    process.stdout.write(help);
  } else {
    const load = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (load === undefined) throw noSuch('verb', verb, verbsForPeople);
    process.exitCode = await (await load()).run(args);
  }
} catch (error) {
  process.exitCode = explain(error);
  // What still runs may wait for what has ended: nobody must wait for it.
  process.exit();
}

/** A user's mistake and a machine's limit are told in words; anything else is a bug and shows its stack. */
function explain(error: unknown): number {
  if (error instanceof Ended) return error.exitCode;
  if (error instanceof CannotRun) {
    const { what, why, mend } = error.obstacle;
    console.error(`${what}\n  why   ${why}\n  mend  ${mend}`);
    return 3;
  }
  if (error instanceof UsageError) {
    const help = verbsForPeople.includes(verb) ? `make ${verb} ARGS=--help` : 'make help';
    const why = error.why === undefined ? '' : `  why   ${error.why}\n`;
    console.error(`${error.message}\n${why}  mend  ${error.mend ?? `${help} says what can be typed`}`);
    return 2;
  }
  if (error instanceof NotARun) {
    console.error(error.message);
    return 2;
  }
  console.error(error);
  return 70; // EX_SOFTWARE, sysexits.h
}
