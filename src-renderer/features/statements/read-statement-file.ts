/** A settlement statement's text from a file's bytes: UTF-8 where it is, otherwise GBK, in which most counters write. */

/** GB 18030 contains GBK. A file that is neither keeps its broken letters, and the parser names the line it stumbles over. */
export function decodeStatement(bytes: ArrayBuffer): { text: string; encoding: 'UTF-8' | 'GBK' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' };
  } catch {
    return { text: new TextDecoder('gb18030').decode(bytes), encoding: 'GBK' };
  }
}
