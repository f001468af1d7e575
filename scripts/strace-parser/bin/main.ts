/** The command `strace-parser`: logs in, JSON Lines, CSV or one summary out. See README.md. */
import { readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createReader, createSummary, csvHeading, pidOfFileName, toCsv, toJson } from '../index.ts';
import type { Filter, StraceEvent } from '../index.ts';
import { flush, hold } from './output.ts';

const usage = `usage: strace-parser [--jsonl | --csv | --summary] [--filter NAME,…] [--pid PID,…] [--errno ERRNO,…] [--no-repair] [FILE | FOLDER | -]…

  --jsonl      one JSON object per event (default)
  --csv        one line per call
  --summary    one JSON object of counts for all logs
  --filter     only these calls:            --filter connect,sendmsg
  --pid        only these threads:          --pid 4711
  --errno      only calls that failed so:   --errno ECONNREFUSED
  --no-repair  do not join lines that messages or output cut in two
  FOLDER       the files of strace -ff, each with the pid its name ends in
  -            standard input, also without any FILE
`;

const options = {
  jsonl: { type: 'boolean' },
  csv: { type: 'boolean' },
  summary: { type: 'boolean' },
  filter: { type: 'string' },
  pid: { type: 'string' },
  errno: { type: 'string' },
  'no-repair': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function fail(what: string, why: string, mend: string): never {
  process.stderr.write(`${what}\n  why   ${why}\n  mend  ${mend}\n`);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return fail(
      'strace-parser does not know what to do',
      error instanceof Error ? error.message : String(error),
      'strace-parser --help',
    );
  }
}

/** A closed pipe (`strace-parser log | head`) is no error: there is nobody left to write to. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  fail('strace-parser cannot write', error.message, 'see what standard output is connected to');
});

/** One buffer, filled again and again: the reader copies what it keeps. */
async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  await using handle = await open(file);
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const { bytesRead } = await handle.read(buffer);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Files in the order given; a folder stands for its files. */
function* inputsOf(names: readonly string[]): Generator<string> {
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-') yield name;
    else if (!isFolder(name)) yield name;
    else {
      for (const entry of readdirSync(name, { withFileTypes: true })) {
        if (entry.isFile() && pidOfFileName(entry.name) !== undefined) yield join(name, entry.name);
      }
    }
  }
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch (error) {
    return fail(
      `strace-parser cannot read ${name}`,
      error instanceof Error ? error.message : String(error),
      'name a file that strace -o wrote, a folder of strace -ff, or - for standard input',
    );
  }
}

const { values, positionals } = readOptions();
if (values.help === true) {
  await flush(usage);
  process.exit(0);
}
const list = (text: string | undefined): string[] | undefined =>
  text?.split(',').filter((part) => part !== '');
const filter: Filter = {
  ...(values.filter === undefined ? {} : { names: list(values.filter) ?? [] }),
  ...(values.pid === undefined ? {} : { pids: (list(values.pid) ?? []).map(Number) }),
  ...(values.errno === undefined ? {} : { errnos: list(values.errno) ?? [] }),
};
const hasFilter = Object.keys(filter).length > 0;
const summary = values.summary === true ? createSummary() : undefined;
const inputs = [...inputsOf(positionals)];
let lines = 0;

function print(event: StraceEvent, file: string): string {
  if (values.csv === true) return event.kind === 'call' ? `${toCsv(event)}\n` : '';
  return `${JSON.stringify(inputs.length > 1 ? { ...toJson(event), file } : toJson(event))}\n`;
}

async function take(events: Iterable<StraceEvent>, file: string): Promise<void> {
  if (summary !== undefined) {
    for (const event of events) summary.add(event);
    return;
  }
  for (const event of events) {
    const text = print(event, file);
    if (hold(text)) continue;
    await flush();
    if (!hold(text)) await flush(text);
  }
  await flush();
}

if (values.csv === true) await flush(`${csvHeading}\n`);
for (const file of inputs) {
  const pid = pidOfFileName(basename(file));
  const reader = createReader({
    repair: values['no-repair'] !== true,
    ...(pid === undefined ? {} : { pid }),
    ...(hasFilter ? { filter } : {}),
  });
  try {
    const source: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : chunksOf(file);
    for await (const chunk of source) {
      await take(reader.read(chunk), file);
    }
  } catch (error) {
    fail(
      `strace-parser cannot read ${file}`,
      error instanceof Error ? error.message : String(error),
      'look at its permissions',
    );
  }
  await take(reader.end(), file);
  lines += reader.lineCount();
}
if (summary !== undefined) await flush(`${JSON.stringify(summary.result(lines))}\n`);
