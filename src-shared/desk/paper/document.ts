/** What leaves the desk on paper, as a small document model: PDF and DOCX are drawn from the same blocks, so that both say the same. */

export type PaperLanguage = 'zh-CN' | 'en';

/** A value of null is a blank to be filled in by hand; a value that nobody knows yet is said in words, never left blank. */
export type PaperField = { label: string; value: string | null };

export type PaperBlock =
  | { kind: 'heading'; level: 1 | 2; text: string }
  | { kind: 'paragraph'; label: string | null; text: string; isSmall: boolean }
  | { kind: 'fields'; fields: readonly PaperField[] }
  /** `widths` in percent of the page, one for each column; they add up to 100. */
  | { kind: 'table'; columns: readonly string[]; widths: readonly number[]; rows: readonly (readonly (string | null)[])[] }
  | { kind: 'boxes'; boxes: readonly { text: string; isTicked: boolean }[] }
  /** Ruled lines to write on. */
  | { kind: 'lines'; label: string; count: number }
  | { kind: 'signatures'; lines: readonly SignatureLine[] }
  /** Stays on one page where it fits on one. */
  | { kind: 'group'; blocks: readonly PaperBlock[] };

/** Name and time are printed where the record has them; the signature itself is always written by hand. */
export type SignatureLine = { role: string; name: string | null; signedAt: string | null };

export type PaperDocument = {
  language: PaperLanguage;
  title: string;
  /** Stands on every page: a drill, a draft that nobody has approved. */
  banner: string | null;
  /** Stands on every page beside the page number; it holds the journal's fingerprint. */
  footer: string;
  signatureHeads: { role: string; name: string; signedAt: string; signature: string };
  /** The journal's head when it was printed: signatures on the paper witness the record up to here. */
  fingerprint: string;
  printedAtMs: number;
  blocks: readonly PaperBlock[];
};

/** How values become words. Keys are those of the `paper` texts; `incidents:` and `plans:` before a key take those of these pages. Unknown keys come back as they are. */
export type PaperWords = {
  language: PaperLanguage;
  word: (key: string, params?: Readonly<Record<string, string | number>>) => string;
  /** Date and time in the paper's zone. */
  time: (atMs: number) => string;
  /** Name of the zone in which `time` counts. */
  zone: string;
  person: (personId: string) => string;
  /** The name behind `account:A0001`; empty where it has none. */
  entityName: (entity: string) => string;
  number: (value: number) => string;
  /** The same words with times in another zone. */
  inZone: (timeZone: string) => PaperWords;
};

/** `fingerprint`: number of the journal's newest entry and the first twelve digits of its hash, as under every export. */
export type PaperFacts = { fingerprint: string; printedAtMs: number };

/**
 * Control characters, halves of characters and marks that turn the reading direction would break a file or let a typed text change how the paper reads:
 * each becomes a visible replacement. Line breaks and tabs stay.
 */
export function plainText(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/(?![\n\t])[\p{Cc}\p{Cs}\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/gu, '\uFFFD');
}

/** The frame that every paper has. */
export function paperDocument(
  words: PaperWords,
  facts: PaperFacts,
  parts: { title: string; banner: string | null; subject: string; blocks: readonly PaperBlock[] },
): PaperDocument {
  const { word, language, time, zone } = words;
  const { fingerprint, printedAtMs } = facts;
  const { title, banner, subject, blocks } = parts;
  return {
    language,
    title,
    banner,
    footer: word('footer', { subject, fingerprint, printed: `${time(printedAtMs)} ${zone}` }),
    signatureHeads: { role: word('sign.role'), name: word('sign.name'), signedAt: word('sign.signedAt'), signature: word('sign.signature') },
    fingerprint,
    printedAtMs,
    blocks,
  };
}

export function heading(text: string): PaperBlock {
  return { kind: 'heading', level: 2, text };
}

export function paragraph(text: string, label: string | null = null): PaperBlock {
  return { kind: 'paragraph', label, text, isSmall: false };
}

export function smallPrint(text: string): PaperBlock {
  return { kind: 'paragraph', label: null, text, isSmall: true };
}
