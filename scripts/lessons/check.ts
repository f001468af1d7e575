/** Is a module a lesson? A wrong one is refused when it is loaded, in words, not when it is played. */
import { asksForStack, type Clause, type Pattern } from './expectation.ts';
import { expectationsOf, type Act, type Lesson, type Scene } from './lesson.ts';

/** @throws Error that names the file and what is wrong with it */
export function checkLesson(module: unknown, file: string): Lesson {
  const lesson = isObject(module) ? module['lesson'] : undefined;
  if (!isLesson(lesson))
    throw new Error(
      `${file} does not export a \`lesson\` with id, question, look, surprises, notShown, ask, scenes and claims`,
    );
  const refuse = (what: string): never => {
    throw new Error(`${file}: ${what}`);
  };
  if (lesson.id === 'all') refuse('LESSON=all means every lesson, so none can be called all');
  if (!lesson.scenes.some(({ id }) => id === 'main')) refuse('no scene is called main');
  for (const scene of lesson.scenes)
    for (const wrong of faultsOf(scene)) refuse(`scene ${scene.id} ${wrong}`);
  for (const claim of lesson.claims) {
    for (const variant of Object.keys(claim.expect)) {
      for (const expectation of expectationsOf(claim, variant)) {
        const wrong = clauseFault(lesson, variant, expectation);
        if (wrong !== undefined) refuse(`claim ${claim.id} ${wrong}`);
        const { stance, why } = expectation;
        if (stance !== 'agrees' && !why)
          refuse(`claim ${claim.id} (${variant}) ${stance} and does not say why`);
      }
    }
  }
  for (const { question, variant, scene, clauses } of lesson.ask) {
    const wrong = clauseFault(lesson, variant, { scene, clauses });
    if (wrong !== undefined) refuse(`the question '${question}' ${wrong}`);
  }
  return lesson;
}

/** Would this be judged, and could it fail? */
function clauseFault(
  lesson: Lesson,
  variant: string,
  { scene: id = 'main', clauses }: { scene?: string | undefined; clauses: readonly Clause[] },
): string | undefined {
  const scene = lesson.scenes.find((one) => one.id === id);
  if (scene === undefined) return `is about scene ${id}, which is not there`;
  if (!scene.variants.some((name) => name === variant))
    return `expects something of ${variant}, which scene ${id} does not play`;
  if (clauses.length === 0) return `(${variant}) expects nothing`;
  if (clauses.flatMap(patternsIn).some(({ fields }) => Object.keys(fields).length === 0))
    return `(${variant}) has a pattern that anything fits`;
  if (!scene.stacks && clauses.flatMap(patternsIn).some(asksForStack))
    return `(${variant}) asks for stacks of the program, which scene ${id} does not record`;
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isLesson = (value: unknown): value is Lesson =>
  isObject(value) &&
  typeof value['id'] === 'string' &&
  typeof value['question'] === 'string' &&
  typeof value['look'] === 'string' &&
  typeof value['notShown'] === 'string' &&
  ['surprises', 'ask', 'scenes', 'claims'].every((name) => Array.isArray(value[name]));

/** A story that waits for a program before it was started, or leaves one running, would only end by force. */
function* faultsOf({ variants, story }: Scene): Generator<string> {
  if (variants.length === 0) yield 'has no variant';
  const started = new Set<string>();
  const exited = new Set<string>();
  const stopped = new Set<string>();
  for (const act of story) {
    if (act.act === 'start') {
      if (started.has(act.host)) yield `starts the program on ${act.host} twice`;
      started.add(act.host);
      for (const word of act.args.filter((one) => one.startsWith('$')))
        if (!story.some((one) => one.act === 'printed' && one.line.includes(word)))
          yield `has an argument ${word} that no printed line gives`;
    }
    if (aboutProgram(act) && !started.has(act.host))
      yield `has '${act.act}' of ${act.host} before its program is started`;
    if (act.act === 'signal') {
      if (act.signal === 'SIGSTOP') stopped.add(act.host);
      else if (act.signal === 'SIGCONT') stopped.delete(act.host);
      else if (stopped.has(act.host)) yield `sends ${act.signal} to ${act.host}, which is stopped`;
    }
    if (act.act === 'exited') exited.add(act.host);
  }
  for (const host of stopped) yield `stops the program on ${host} and never continues it`;
  for (const host of started) if (!exited.has(host)) yield `does not wait for the program on ${host} to exit`;
}

/** Acts that a program on that host must be there for. */
const aboutProgram = (
  act: Act,
): act is Extract<Act, { act: 'printed' | 'input' | 'end-input' | 'signal' | 'waits' | 'exited' }> =>
  ['printed', 'input', 'end-input', 'signal', 'waits', 'exited'].includes(act.act);

/** Of the clause and of those inside it. */
function patternsIn(clause: Clause): Pattern[] {
  const own = Object.values(clause).flat().filter(isPattern);
  return 'holds' in clause ? [...own, ...patternsIn(clause.holds)] : own;
}

const isPattern = (value: unknown): value is Pattern => isObject(value) && isObject(value['fields']);
