/** Reads the text of a PDF that the app has printed: enough of the format for what Chromium writes, and nothing more. */
import { inflateSync } from 'node:zlib';

export type PdfRead = { pageCount: number; text: string };

type PdfObject = { head: string; stream: Buffer | null };

/** Throws when it is no PDF. Lines come in the order in which they were drawn, without spaces between pieces. */
export function readPdf(content: Buffer): PdfRead {
  if (!content.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error('not a PDF');
  const objects = objectsOf(content);
  const pages = [...objects.values()].filter(({ head }) => /\/Type\s*\/Page\b(?!s)/.test(head));
  return { pageCount: pages.length, text: pages.map((page) => pageText(page, objects)).join('\n') };
}

function objectsOf(content: Buffer): Map<string, PdfObject> {
  const source = content.toString('latin1');
  const objects = new Map<string, PdfObject>();
  const begin = /(\d+) 0 obj\b/g;
  for (let found = begin.exec(source); found !== null; found = begin.exec(source)) {
    const at = begin.lastIndex;
    const stream = source.indexOf('stream', at);
    const end = source.indexOf('endobj', at);
    const length = /\/Length (\d+)/.exec(source.slice(at, stream));
    if (stream !== -1 && stream < end && length !== null) {
      const from = stream + 'stream'.length + (source[stream + 'stream'.length] === '\r' ? 2 : 1);
      const raw = content.subarray(from, from + Number(length[1]));
      const head = source.slice(at, stream);
      objects.set(found[1] ?? '', { head, stream: head.includes('/FlateDecode') ? inflateSync(raw) : raw });
      begin.lastIndex = from + raw.length;
    } else objects.set(found[1] ?? '', { head: source.slice(at, end), stream: null });
  }
  return objects;
}

function pageText({ head }: PdfObject, objects: Map<string, PdfObject>): string {
  const fonts = new Map([...head.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name, no]) => [name ?? '', lettersOf(objects.get(no ?? ''), objects)]));
  const contents = /\/Contents (\d+) 0 R/.exec(head);
  const drawn = objects.get(contents?.[1] ?? '')?.stream?.toString('latin1') ?? '';
  let letters = new Map<string, string>();
  let text = '';
  // Where several letters look the same, the page says which one was meant, and draws it after that.
  let isSaid = false;
  for (const [token, said, font, glyphs] of drawn.matchAll(/\/ActualText\s*<FEFF([0-9A-Fa-f]*)>|\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\bEMC\b/g)) {
    if (said !== undefined) {
      text += utf16(said);
      isSaid = true;
    } else if (token === 'EMC') isSaid = false;
    else if (isSaid && glyphs !== undefined) continue;
    else if (font !== undefined) letters = fonts.get(font) ?? new Map();
    else {
      // A font's codes are of one length: two bytes, or one where the letters are drawn as shapes.
      const digits = letters.keys().next().value?.length ?? 4;
      for (let at = 0; at < (glyphs ?? '').length; at += digits) text += letters.get((glyphs ?? '').slice(at, at + digits).toUpperCase()) ?? '\uFFFD';
    }
  }
  return text;
}

/** The font's own table from glyphs to letters. */
function lettersOf(font: PdfObject | undefined, objects: Map<string, PdfObject>): Map<string, string> {
  const table = objects.get(/\/ToUnicode (\d+) 0 R/.exec(font?.head ?? '')?.[1] ?? '')?.stream?.toString('latin1') ?? '';
  const letters = new Map<string, string>();
  for (const [, block] of table.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, glyph, unicode] of (block ?? '').matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g))
      letters.set((glyph ?? '').toUpperCase(), utf16(unicode ?? ''));
  }
  for (const [, block] of table.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from, to, unicode] of (block ?? '').matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
      const first = Number.parseInt(from ?? '', 16);
      for (let glyph = first; glyph <= Number.parseInt(to ?? '', 16); glyph += 1) {
        const letter = Number.parseInt(unicode ?? '', 16) + glyph - first;
        letters.set(
          glyph
            .toString(16)
            .toUpperCase()
            .padStart((from ?? '').length, '0'),
          String.fromCodePoint(letter),
        );
      }
    }
  }
  return letters;
}

function utf16(hex: string): string {
  return Buffer.from(hex, 'hex').swap16().toString('utf16le');
}
