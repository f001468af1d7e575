/** Lines of strace about itself. They begin with its argv[0], which need not be `strace`. */

const ownLine = /^(?:\S*strace\S*: .|\S.*?: (?:Process \d+ (?:attached|detached)|Exit of unknown pid \d+ ))/;
const attached = /^\S.*?: Process \d+ (?:attached|detached)(?: .*)?$/;
/** In the middle of a line: `SIGCHLDstrace: …` has a path only from its first slash on. */
const cutIn = /(?:\.{0,2}\/[\w./-]*)?strace(?:64|32)?: \S.*$/;
const cutInByAnother = /(?:\.{0,2}\/[\w./-]+|[a-z][\w.-]*): Process \d+ (?:attached|detached).*$/;

/** What a line is about that strace wrote beside the trace; undefined where it is none. */
export function readDiagnostic(line: string): 'strace' | undefined {
  return ownLine.test(line) || attached.test(line) ? 'strace' : undefined;
}

/**
 * On stderr a message of strace may cut a call's line in two: `…|SIGCHLDstrace: Process 12 attached`. Where it
 * begins, or -1.
 */
export function diagnosticWithin(line: string): number {
  return (cutIn.exec(line) ?? cutInByAnother.exec(line))?.index ?? -1;
}
