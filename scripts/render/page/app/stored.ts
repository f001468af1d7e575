/** The pieces of data that the file holds: base64 of raw deflate of JSON. */

/** Opens a piece, once. The caller says what it holds; the file itself was made with it. */
export function piece<Data>(name: string): () => Promise<Data> {
  let opened: Promise<Data> | undefined;
  return () => (opened ??= inflate<Data>(name));
}

async function inflate<Data>(name: string): Promise<Data> {
  const element = document.querySelector(`script[id="${CSS.escape(name)}"]`);
  const packed = atob(element?.textContent ?? '');
  const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const data: Data = JSON.parse(await new Response(stream).text());
  return data;
}
