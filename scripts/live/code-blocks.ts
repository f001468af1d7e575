/** For tests: the code blocks of a Markdown file of the project. */
import { Lexer, walkTokens } from 'marked';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../cli/project.ts';

export interface CodeBlock {
  /** `sh`, `ts`; empty where the fence names none, or where the block is indented. */
  readonly language: string;
  readonly text: string;
  readonly indented: boolean;
}

/** @param file relative to the checkout */
export async function codeBlocks(file: string): Promise<CodeBlock[]> {
  const blocks: CodeBlock[] = [];
  void walkTokens(new Lexer().lex(await readFile(join(projectFolder, file), 'utf8')), (token) => {
    if (token.type !== 'code') return;
    const language = 'lang' in token ? String(token.lang ?? '') : '';
    const indented = 'codeBlockStyle' in token && token.codeBlockStyle === 'indented';
    blocks.push({ language, text: String(token.text), indented });
  });
  return blocks;
}

/** The lines of a block of commands, each without its comment. */
export const commandsOf = ({ text }: CodeBlock): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
