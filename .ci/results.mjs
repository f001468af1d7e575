// What the reports of both passes of .ci/run say together. Runs under the machine's own Node.
//
//   results.mjs again REPORT        the files that have something to do in the second pass
//   results.mjs total REPORT...     N passed, N failed, N skipped; fails if a test failed, or never ran
import { readFileSync } from 'node:fs';

const [what, ...names] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);

/** Each test of a report; none where the tests never began, because types, lint or form had something to say. */
function testsIn(name) {
  let text = '';
  try {
    text = readFileSync(name, 'utf8');
  } catch {
    say(`no tests: ${name} was not written`);
    process.exitCode = 1;
  }
  const { testResults = [] } = text === '' ? {} : JSON.parse(text);
  // The clone of the first pass lies elsewhere.
  return testResults.flatMap(({ name: path, status: whole, assertionResults }) => {
    const file = path.slice(path.lastIndexOf('/scripts/') + 1);
    const tests = assertionResults.map(({ fullName, status }) => ({
      ...{ file, fullName },
      status: ['passed', 'failed'].includes(status) ? status : 'skipped',
    }));
    // It cannot be loaded, or has left something on the machine.
    const failsItself = whole === 'failed' && !tests.some(({ status }) => status === 'failed');
    return failsItself ? [...tests, { file, fullName: 'the file itself', status: 'failed' }] : tests;
  });
}

const tests = names.flatMap(testsIn);
if (what === 'again') {
  const again = tests.filter(
    ({ status, fullName }) => status === 'skipped' || /tracefs|tracer/.test(fullName),
  );
  say([...new Set(again.map(({ file }) => file))].join(' '));
} else {
  const outcomes = new Map();
  for (const { file, fullName, status } of tests) {
    const name = `${file} > ${fullName}`;
    outcomes.set(name, [...(outcomes.get(name) ?? []), status]);
  }
  const count = (fits) => [...outcomes].filter(([, statuses]) => fits(statuses)).map(([name]) => name);
  const failed = count((statuses) => statuses.includes('failed'));
  const skipped = count((statuses) => statuses.every((status) => status === 'skipped'));
  for (const name of failed) say(`failed   ${name}`);
  for (const name of skipped) say(`skipped, and may not be: ${name}`);
  say(
    `${outcomes.size - failed.length - skipped.length} passed, ${failed.length} failed, ${skipped.length} skipped`,
  );
  if (failed.length + skipped.length > 0 || outcomes.size === 0) process.exitCode = 1;
}
