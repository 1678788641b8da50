/** Finds which clients a text names, by account number or by name as the book has it, so that what people type about them can be made unreadable with the rest of their data. */
import type { ClientsNamedIn } from '#shared/journal/client-words';
import type { ReferenceBook } from '../reference';

/** One character is a word of its own in Chinese: too many texts would name such a client. */
const SHORTEST_NAME = 2;
const TOKENS = /[\p{Script=Latin}\p{Nd}_.-]+/gu;
const ONE_TOKEN = /^[\p{Script=Latin}\p{Nd}_.-]+$/u;
/** Within a longer piece (`80500001-80500002`, `no.80500001`) what a date or a version is made of counts as nobody's number. */
const SHORTEST_PART = 5;
const IS_LETTER = /[\p{Script=Latin}\p{Nd}]/u;

type KnownBook = { readonly namesVersion: number; readonly reference: Pick<ReferenceBook, 'masters'> };
/** Looked up by length, so that a long text costs as much with twenty thousand clients as with ten. */
type Index = { byNumber: Map<string, string>; byName: Map<string, string[]>; nameLengths: number[] };

/** A client whom the book that is open at that moment does not know is not found, nor one who is called otherwise than the book calls them. */
export function clientsNamedBy(book: () => KnownBook): ClientsNamedIn {
  let known: { reference: KnownBook['reference']; version: number; index: Index } | null = null;
  return (text) => {
    const { namesVersion, reference } = book();
    // Another book counts its versions from the beginning: the number alone may be that of the book before it.
    if (known?.reference !== reference || known.version !== namesVersion) known = { reference, version: namesVersion, index: indexOf(reference) };
    return find(folded(text), known.index);
  };
}

function indexOf({ masters }: KnownBook['reference']): Index {
  const byNumber = new Map<string, string>();
  const byName = new Map<string, string[]>();
  const addName = (name: string, accountID: string): void => {
    if (name.length < SHORTEST_NAME) return;
    const namesakes = byName.get(name);
    if (namesakes === undefined) byName.set(name, [accountID]);
    else namesakes.push(accountID);
  };
  for (const { accountID, accountName } of masters.values()) {
    const number = folded(accountID);
    // One that is written with other signs is looked for as a name is.
    if (ONE_TOKEN.test(number)) byNumber.set(number, accountID);
    else addName(number, accountID);
    addName(folded(accountName).trim(), accountID);
  }
  return { byNumber, byName, nameLengths: [...new Set([...byName.keys()].map(({ length }) => length))] };
}

/** Namesakes are all meant: which of them a text speaks of is not to be seen. */
function find(text: string, { byNumber, byName, nameLengths }: Index): string[] {
  const found = new Set<string>();
  for (const [token] of text.matchAll(TOKENS)) {
    const whole = byNumber.get(token) ?? byNumber.get(token.replace(/^[.-]+|[._-]+$/g, ''));
    const parts = whole === undefined ? token.split(/[._-]/).filter(({ length }) => length >= SHORTEST_PART) : [];
    for (const clientID of [whole, ...parts.map((part) => byNumber.get(part))]) if (clientID !== undefined) found.add(clientID);
  }
  for (let at = 0; at < text.length; at += 1) {
    for (const length of nameLengths) {
      const name = text.slice(at, at + length);
      const clientIDs = byName.get(name);
      if (clientIDs !== undefined && isWhole(text, at, name)) for (const clientID of clientIDs) found.add(clientID);
    }
  }
  return [...found];
}

/** Names in Latin letters are words among spaces; in Chinese there are none. */
function isWhole(text: string, at: number, name: string): boolean {
  const beginsInside = IS_LETTER.test(name.charAt(0)) && IS_LETTER.test(text.charAt(at - 1));
  const endsInside = IS_LETTER.test(name.charAt(name.length - 1)) && IS_LETTER.test(text.charAt(at + name.length));
  return !beginsInside && !endsInside;
}

/** As people type: half width or full, capitals or not. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
