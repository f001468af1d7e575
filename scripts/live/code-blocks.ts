/** For tests: the code in a Markdown file of the project. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../cli/project.ts';
import { markdownTokens } from './markdown-tokens.ts';

export interface CodeBlock {
  /** `sh`, `ts`; empty where the fence names none, or where the block is indented. */
  readonly language: string;
  readonly text: string;
  readonly indented: boolean;
}

/** @param file relative to the checkout */
export async function codeBlocks(file: string): Promise<CodeBlock[]> {
  const tokens = markdownTokens(await readFile(join(projectFolder, file), 'utf8'));
  return tokens
    .filter(({ type }) => type === 'code')
    .map(({ text, language, raw }) => ({ text, language, indented: raw.startsWith('    ') }));
}

/** What stands within sentences as code. */
export async function codeInProse(file: string): Promise<string[]> {
  const tokens = markdownTokens(await readFile(join(projectFolder, file), 'utf8'));
  return tokens.filter(({ type }) => type === 'codespan').map(({ text }) => text.replaceAll(/\s+/g, ' '));
}

/** The lines of a block of commands, each without its comment. */
export const commandsOf = ({ text }: CodeBlock): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
