/** Reads XML or a simple HTML page the way a strict parser would, for tests of what the desk writes: throws where it is not well formed. */

export type Read = { elements: string[]; attributes: string[]; text: string };

const TOKEN = /<\?xml[^>]*\?>|<!doctype html>|<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>|([^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** `isVoid` elements of HTML have no end. Text comes back as a reader sees it, pieces joined by a bar. */
export function readMarkup(source: string, isVoid: (element: string) => boolean = () => false): Read {
  const open: string[] = [];
  const read: Read = { elements: [], attributes: [], text: '' };
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(source);
    if (token === null) throw new Error(`not well formed at ${at}: ${source.slice(at, at + 80)}`);
    const [, end, element, attributes, selfEnd, text] = token;
    if (text !== undefined) {
      if (open.at(-1) !== 'style') read.text += `${unescaped(text)}|`;
    } else if (element !== undefined && end === '/') {
      if (open.pop() !== element) throw new Error(`</${element}> ends something else at ${at}`);
    } else if (element !== undefined) {
      read.elements.push(element);
      read.attributes.push(...[...(attributes ?? '').matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => `${name}=${unescaped(value ?? '')}`));
      if (selfEnd !== '/' && !isVoid(element)) open.push(element);
    }
  }
  if (open.length > 0) throw new Error(`never ended: ${open.join(' ')}`);
  return read;
}

function unescaped(text: string): string {
  return text.replaceAll(/&[^;]*;|&/g, (entity) => {
    const found = ENTITIES[entity];
    if (found === undefined) throw new Error(`unknown entity ${entity}`);
    return found;
  });
}
