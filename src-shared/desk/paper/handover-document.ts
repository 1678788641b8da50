/** The sheet of a shift hand-over: everything that was open, how it stood, what to do if it turns, and the two who signed for it. */
import type { FrozenItem, Handover } from '#shared/desk/handovers/handover';
import { mustBeReadBack } from '#shared/desk/handovers/handover';
import { ITEM_KINDS } from '#shared/desk/handovers/item';
import { type ItemWords, itemText } from '#shared/desk/handovers/item-words';
import type { PaperBlock, PaperDocument, PaperFacts, PaperWords } from '#shared/desk/paper/document';
import { heading, paperDocument, paragraph, smallPrint } from '#shared/desk/paper/document';
import type { RoleNames } from '#shared/desk/paper/plan-document';

export type HandoverPaperFacts = { handover: Handover; items: readonly FrozenItem[]; lostCount: number };

export function handoverDocument(
  { handover, items, lostCount }: HandoverPaperFacts,
  roles: RoleNames,
  words: PaperWords,
  facts: PaperFacts,
): PaperDocument {
  const { word } = words;
  const { state, remarks, accepted } = handover;
  const itemWords = itemWordsOf(roles, words);
  return paperDocument(words, facts, {
    title: word('handovers:sheet.title'),
    banner: state === 'accepted' ? null : word(`handovers:sheet.${state}`),
    subject: `${word('handovers:sheet.title')} ${handover.handoverId.slice(-8)}`,
    blocks: [
      { kind: 'fields', fields: frame(handover, words, facts) },
      ...(lostCount === 0 ? [] : [smallPrint(word('handovers:lost', { count: lostCount }))]),
      ...ITEM_KINDS.flatMap((kind) =>
        sectionOf(
          kind,
          items.filter(({ facts: each }) => each.kind === kind),
          handover,
          words,
          itemWords,
        ),
      ),
      ...(items.length === 0 ? [paragraph(word('handovers:nothingOpen'))] : []),
      heading(word('handovers:remarks')),
      paragraph(remarks === '' ? word('none') : remarks),
      ...(accepted === null || accepted.words === '' ? [] : [heading(word('handovers:words')), paragraph(accepted.words)]),
      ...(accepted === null || accepted.sinceKeys.length === 0
        ? []
        : [smallPrint(word('handovers:sinceCount', { count: accepted.sinceKeys.length }))]),
      heading(word('closing')),
      smallPrint(word('handovers:sheet.witness')),
      { kind: 'signatures', lines: signers(handover, words) },
      { kind: 'lines', label: word('remarks'), count: 3 },
    ],
  });
}

function frame({ outgoing, offeredAtMs, accepted, fingerprint, state }: Handover, words: PaperWords, facts: PaperFacts) {
  const { word, person, time, zone } = words;
  return [
    { label: word('handovers:outgoing'), value: person(outgoing) },
    { label: word('handovers:incoming'), value: accepted === null ? null : person(accepted.incoming) },
    { label: word('handovers:offeredAt'), value: `${time(offeredAtMs)} ${zone}` },
    { label: word('handovers:acceptedAt'), value: accepted === null ? null : `${time(accepted.atMs)} ${zone}` },
    { label: word('state'), value: word(`handovers:state.${state}`) },
    { label: word('handovers:sheet.offeredFingerprint'), value: fingerprint },
    { label: word('fingerprint'), value: facts.fingerprint },
    ...(accepted === null ? [] : [{ label: word('handovers:movedAlerts'), value: String(accepted.movedAlertCount) }]),
  ];
}

function sectionOf(kind: string, items: readonly FrozenItem[], { accepted }: Handover, { word }: PaperWords, itemWords: ItemWords): PaperBlock[] {
  if (items.length === 0) return [];
  const read = new Set(accepted?.readBack);
  const rows = items.map((item) => {
    const { title, details } = itemText(item.facts, itemWords);
    const level = item.level === null ? '' : word(`handovers:level.${item.level}`);
    const readBack = read.has(item.itemKey) ? '☑' : mustBeReadBack(item) ? '☐' : '';
    return [title, details.join('\n'), item.ifThen === '' ? level : `${level}: ${item.ifThen}`, readBack];
  });
  const columns = [word(`handovers:kind.${kind}`), word('handovers:stands'), word('handovers:mark'), word('handovers:readBack')];
  return [{ kind: 'table', columns, widths: [30, 32, 28, 10], rows }];
}

/** Whoever signed in the record is named; the line itself is signed by hand. */
function signers({ outgoing, offeredAtMs, accepted }: Handover, { word, person, time }: PaperWords) {
  return [
    { role: word('handovers:outgoing'), name: person(outgoing), signedAt: time(offeredAtMs) },
    {
      role: word('handovers:incoming'),
      name: accepted === null ? null : person(accepted.incoming),
      signedAt: accepted === null ? null : time(accepted.atMs),
    },
  ];
}

function itemWordsOf(roles: RoleNames, { word, time, person, entityName, language }: PaperWords): ItemWords {
  return {
    word: (key, params, orElse) => {
      const found = word(key, params);
      return found === key && orElse !== undefined ? orElse : found;
    },
    ...{ time, person, entityName },
    role: (role) => roles[role]?.[language === 'zh-CN' ? 'zh' : 'en'] ?? role,
    isChinese: language === 'zh-CN',
  };
}
