/** For tests: Markdown as GitHub reads it (marked), as a flat list of what it is made of. */
import { Lexer, walkTokens } from 'marked';

export interface MarkdownToken {
  readonly type: string;
  readonly raw: string;
  readonly text: string;
  /** Of a fenced block: `text`, `mermaid`. */
  readonly language: string;
}

export function markdownTokens(text: string): MarkdownToken[] {
  const tokens: MarkdownToken[] = [];
  void walkTokens(new Lexer().lex(text), (token) => {
    const inner = 'text' in token ? String(token.text) : '';
    const language = 'lang' in token ? String(token.lang ?? '') : '';
    tokens.push({ type: token.type, raw: token.raw, text: inner, language });
  });
  return tokens;
}
