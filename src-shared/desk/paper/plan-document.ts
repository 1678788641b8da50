/** A plan, or a run of it at any moment, laid out for paper: before it begins everything is blank, later what is known is printed. */
import type { PaperBlock, PaperDocument, PaperFacts, PaperWords, SignatureLine } from '#shared/desk/paper/document';
import { heading, paperDocument, paragraph, smallPrint } from '#shared/desk/paper/document';
import { alertEvidenceWords } from '#shared/desk/plans/alert-evidence';
import { type PaperBlock as PlanBlock, type PaperWords as PlanWords, planPaper, runPaper } from '#shared/desk/plans/paper';
import type { Plan, PlanLibrary, Run } from '#shared/desk/plans/plan';

export type RoleNames = PlanLibrary['roles'];

/** What is printed: a plan with how it stands with the firm, or a run, which holds the plan it began with. */
export type PlanPaperOf =
  | { plan: Plan; hash: string; version: number; standing: 'unconfirmed' | 'confirmed' | 'scheduled' | 'retired' }
  | { run: Run };

/** Of a plan: blank throughout. Of a run, during and after it: as far as it has come. */
export function planDocument(of: PlanPaperOf, roles: RoleNames, words: PaperWords, facts: PaperFacts): PaperDocument {
  const run = 'run' in of ? of.run : null;
  const plan = 'run' in of ? of.run.plan : of.plan;
  const planWords = wordsOfPlans(roles, words);
  const blocks = run === null ? planPaper(plan, planWords, facts) : runPaper(run, planWords, facts);
  const isDrill = run?.mode === 'drill';
  const title = `${plan.id} ${words.language === 'zh-CN' ? plan.title_zh : plan.title}`;
  const subject = run === null ? plan.id : `${plan.id} ${run.runId.slice(0, 8)}`;
  const standing = 'run' in of ? [paragraph(words.word(`plans:runState.${of.run.state}`), words.word('state'))] : standingOf(of, words);
  return paperDocument(words, facts, {
    title,
    banner: isDrill ? words.word('plans:paper.drill') : null,
    subject,
    blocks: [...standing, ...blocks.flatMap((block) => blocksOf(block, run, words))],
  });
}

/** Whoever works from paper must see which text it is, and whether the firm stands by its times. */
function standingOf({ version, hash, standing }: Exclude<PlanPaperOf, { run: Run }>, { word }: PaperWords): PaperBlock[] {
  return [
    paragraph(`${word(`plans:standing.${standing}`, { version })} · ${hash.slice(0, 12)}`, word('plan.standing')),
    smallPrint(word('plan.blank')),
  ];
}

function blocksOf(block: PlanBlock, run: Run | null, words: PaperWords): PaperBlock[] {
  switch (block.kind) {
    // The title and the drill's banner stand on every page already.
    case 'heading':
      return block.level === 1 ? [] : [heading(block.text)];
    case 'fields':
      // Of a blank plan the fingerprint stands above: it is known, not to be filled in.
      return [{ kind: 'fields', fields: block.fields.filter(({ label, value }) => value !== null || label !== words.word('plans:paper.planHash')) }];
    case 'paragraph':
      return [paragraph(block.text, block.label)];
    case 'step':
      return [stepGroup(block, words)];
    case 'signatures':
      return [
        { kind: 'signatures', lines: closingLines(block.fields, run, words) },
        { kind: 'lines', label: words.word('remarks'), count: 3 },
      ];
    case 'footer':
      return [];
  }
}

function stepGroup(step: Extract<PlanBlock, { kind: 'step' }>, words: PaperWords): PaperBlock {
  const blocks: PaperBlock[] = [heading(`${step.no} ${step.title}`), smallPrint(step.meta.filter((each) => each !== '').join(' · '))];
  blocks.push(paragraph(step.action));
  for (const { label, value } of step.hints) if (value !== null) blocks.push(paragraph(value, label));
  if (step.boxes.length > 0) blocks.push({ kind: 'boxes', boxes: step.boxes });
  for (const line of step.record) blocks.push(paragraph(line, words.word('plan.recorded')));
  blocks.push({ kind: 'fields', fields: [...step.fields, ...step.signatures] });
  return { kind: 'group', blocks };
}

/** Who held the role is printed; the closing itself is signed by hand. */
function closingLines(fields: readonly { label: string }[], run: Run | null, words: PaperWords): SignatureLine[] {
  const holders = Object.fromEntries(CLOSING_ROLES.map((role, index) => [fields[index]?.label ?? role, run?.roles[role]]));
  return fields.map(({ label }) => {
    const holder = holders[label];
    return { role: label, name: holder === undefined ? null : words.person(holder), signedAt: null };
  });
}

/** In the order in which a plan's paper asks for them. */
const CLOSING_ROLES = ['IC', 'EXE', 'SCR'] as const;

function wordsOfPlans(roles: RoleNames, words: PaperWords): PlanWords {
  const { word, time, person, language } = words;
  const isChinese = language === 'zh-CN';
  const orItself = (key: string, itself: string): string => {
    const found = word(key);
    return found === key ? itself : found;
  };
  return {
    isChinese,
    word: (key, params) => word(`plans:paper.${key}`, params),
    time,
    person,
    role: (role) => {
      const name = roles[role]?.[isChinese ? 'zh' : 'en'];
      return name === undefined ? role : `${name} (${role})`;
    },
    stepKind: (kind) => orItself(`plans:stepKind.${kind.replaceAll(/[^a-z]/g, '_')}`, kind),
    stepState: (state) => orItself(`plans:stepState.${state}`, state),
    deviation: (code) => orItself(`plans:deviation.${code}`, code),
    reading: { word: (key, orElse) => orItself(`plans:${key}`, orElse), duration: (ms) => `${words.number(ms / 1000)} s` },
    alert: (text) => alertEvidenceWords(text, words),
  };
}
