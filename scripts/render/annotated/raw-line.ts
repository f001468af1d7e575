/** A line of a recording as it can be shown: whole where it is not too long, and never a command to a terminal. */
import { visible } from '../paint.ts';

/** Of a longer line the middle is left out: its beginning says what is called, its end what came of it. */
const longest = 1000;

export function rawLine(line: string, most = longest): string {
  if (line.length <= most) return visible(line);
  const tail = Math.floor(most / 5);
  const left = line.length - most;
  return `${visible(line.slice(0, most - tail))} […${left} characters more in the recording…] ${visible(line.slice(-tail))}`;
}
