/** Finds the words that people typed about clients inside entries of the firm's own (incidents, runs, approvals), so that each is sealed under those clients' keys and can go alone. */
import { envelopeOf } from '#shared/journal/sealed';

/** Finds the clients that a text names: by their account number or by their name. Answers client ids, each once. */
export type ClientsNamedIn = (text: string) => readonly string[];

/** What stands where words were whose key was destroyed: the same in every language, short enough for every field that holds words. */
export const DESTROYED_WORDS = '█████';

/** Families whose folded state can be made anew from one subject's entries alone; in the others, people name no clients but in exports, which fold into nothing. */
const FAMILIES = new Set([
  'alert',
  'run',
  'incident',
  'handover',
  'suppression',
  'approval',
  'foreign',
  'breakGlass',
  'evidence',
  'export',
  'command',
  'reference',
]);

/** Fields that hold what people typed. Ids, kinds and figures are left as they are: state is folded by them. */
const FIELDS = new Set([
  ...[
    'actions',
    'answer',
    'cause',
    'causes',
    'conditions',
    'consentBy',
    'detail',
    'draft',
    'evidence',
    'fact',
    'file',
    'ifThen',
    // In an alert about an incident: its title.
    'incident',
    'incoming',
    'items',
  ],
  ...[
    'label',
    'lessons',
    'message',
    'name',
    'needs',
    'note',
    'number',
    'outgoing',
    'person',
    'proof',
    'readBack',
    'reason',
    'recording',
    'reference',
  ],
  ...['remarks', 'text', 'ticket', 'title', 'titleZh', 'to', 'value', 'words'],
]);

/** The text of a plan is the firm's and names nobody; it comes with every run. */
const PLAN = 'plan';

/** Whether words in entries of this type are looked through. */
export function holdsWords(type: string): boolean {
  return FAMILIES.has(type.slice(0, type.indexOf('.')));
}

/**
 * The payload with each text that names clients replaced by what `seal` makes of it. A text that looks sealed and is not is sealed too (for nobody), so that
 * it is read back as it was typed. `clientIDs` names all that were found, each once.
 */
export function sealWords(
  payload: unknown,
  namedIn: ClientsNamedIn,
  seal: (text: string, clientIDs: readonly string[]) => string,
): { payload: unknown; clientIDs: string[] } {
  const found = new Set<string>();
  const sealed = mapWords(payload, (text) => {
    const clientIDs = namedIn(text);
    if (clientIDs.length === 0 && envelopeOf(text) === null) return text;
    for (const clientID of clientIDs) found.add(clientID);
    return seal(text, clientIDs);
  });
  return { payload: sealed, clientIDs: [...found] };
}

/** The clients named in a payload's words. */
export function clientsInWords(payload: unknown, namedIn: ClientsNamedIn): string[] {
  return sealWords(payload, namedIn, (text) => text).clientIDs;
}

/** What a machine writes is nobody's words, but for an alert about an incident, which repeats the title that somebody gave it. */
export function repeatsWords(payload: unknown): boolean {
  const { reason } = payload as { reason?: { params?: { incident?: unknown } } };
  return typeof reason?.params?.incident === 'string';
}

/** Quick: whether a payload's text can hold sealed words at all. */
export function mayHoldSealedWords(payloadText: string): boolean {
  return payloadText.includes('\\"sealed\\":1}');
}

/** The payload with each sealed text as it was; `open` answers null for one whose key was destroyed. */
export function openWords(payload: unknown, open: (text: string) => string | null): unknown {
  return mapWords(payload, (text) => (envelopeOf(text) === null ? text : (open(text) ?? DESTROYED_WORDS)));
}

function mapWords(value: unknown, change: (text: string) => string, isWords = false): unknown {
  if (typeof value === 'string') return isWords ? change(value) : value;
  if (Array.isArray(value)) return value.map((item) => mapWords(item, change, isWords));
  if (value === null || typeof value !== 'object') return value;
  // Without a prototype's own setters: a field called __proto__ stays a field.
  const changed: Record<string, unknown> = Object.create(null);
  // Below a field of words (a draft's texts by name) every text is words.
  for (const [name, item] of Object.entries(value)) changed[name] = name === PLAN ? item : mapWords(item, change, isWords || FIELDS.has(name));
  return changed;
}
