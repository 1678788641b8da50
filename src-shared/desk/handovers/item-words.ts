/** How an item of a hand-over is said: the same words on the page and on the paper that is signed. */
import { withoutStep } from '#shared/desk/alerts/kind-words';
import type { ItemFacts } from '#shared/desk/handovers/item';

export type ItemWords = {
  /** Keys with their namespace; `orElse` where the texts have no such key. */
  word: (key: string, params?: Readonly<Record<string, string | number>>, orElse?: string) => string;
  time: (atMs: number) => string;
  person: (personId: string) => string;
  /** The name behind `account:A0001`; empty where it has none. */
  entityName: (entity: string) => string;
  /** The name of a role in a run; of one that no plan knows, its code. */
  role: (role: string) => string;
  isChinese: boolean;
};

/** `details` in the order of their weight; empty ones are left out. */
export function itemText(facts: ItemFacts, words: ItemWords): { title: string; details: string[] } {
  const { title, details } = textOf(facts, words);
  return { title, details: details.filter((each) => each !== '') };
}

function textOf(facts: ItemFacts, words: ItemWords): { title: string; details: string[] } {
  const { word, time, person, isChinese } = words;
  switch (facts.kind) {
    case 'alert': {
      const level = facts.level === null ? '' : word(`alerts:word.${facts.level}`, {}, facts.level);
      const kind = withoutStep(word(`alerts:kind.${facts.alertKind}`, { level }, facts.alertKind));
      const details = [
        word(`app:severity.${facts.severity}.name`),
        word(`alerts:condition.${facts.condition}`, {}, facts.condition),
        word(`alerts:human.${facts.human}`, {}, facts.human),
        facts.owner === null ? '' : word('alerts:ownerIs', { person: person(facts.owner) }),
        word('handovers:since', { time: time(facts.raisedAtMs) }),
      ];
      return { title: `${kind} · ${entityText(facts.entity, words)}`, details };
    }
    case 'moreAlerts': {
      const counts = Object.entries(facts.counts).map(([severity, count]) => `${word(`app:severity.${severity}.name`)} ${count}`);
      return { title: word('handovers:moreAlerts'), details: counts };
    }
    case 'suppression': {
      const details = [
        word('handovers:covers', { severity: word(`app:severity.${facts.covers}.name`) }),
        word('handovers:until', { time: time(facts.endsAtMs) }),
        word(`alerts:suppressionReason.${facts.reasonCode}`, {}, facts.reasonCode),
        person(facts.createdBy),
      ];
      const kind = word(`alerts:suppressionKind.${facts.suppression}`, {}, facts.suppression);
      return { title: `${kind} · ${aboutText(facts.about, words)}`, details };
    }
    case 'run': {
      const steps = facts.open.map(({ no, state }) => `${no} ${word(`plans:stepState.${state}`, {}, state)}`);
      const roles = Object.entries(facts.roles).map(([role, holder]) => `${words.role(role)} ${person(holder)}`);
      const details = [
        word('plans:progress', { settled: facts.settledCount, total: facts.stepCount }),
        steps.length === 0 ? '' : word('handovers:steps', { steps: steps.join(', ') }),
        roles.join(', '),
        word('handovers:since', { time: time(facts.startedAtMs) }),
      ];
      return { title: `${facts.planId} ${isChinese ? facts.titleZh : facts.title}`, details };
    }
    case 'incident': {
      const due = facts.nextDueAtMs === null ? '' : word('handovers:nextReport', { time: time(facts.nextDueAtMs) });
      const details = [
        word(`incidents:state.${facts.state}`, {}, facts.state),
        facts.grade === null ? '' : word(`incidents:grade.${facts.grade}`, {}, facts.grade),
        facts.openDutyCount === 0 ? '' : word('handovers:duties', { count: facts.openDutyCount }),
        due,
        word('handovers:since', { time: time(facts.openedAtMs) }),
      ];
      return { title: facts.title, details };
    }
    case 'approval':
      return {
        title: word(`approvals:request.${facts.request}`, {}, facts.request),
        details: [person(facts.makerId), word('handovers:until', { time: time(facts.expiresAtMs) })],
      };
    case 'breakGlass':
      return {
        title: word(`handovers:glass.${facts.state}`),
        details: [person(facts.personId), word('handovers:until', { time: time(facts.dueAtMs) })],
      };
    case 'feed':
      return {
        title: facts.feedId,
        details: [word(`status:feed.${facts.state}`, {}, facts.state), word('handovers:since', { time: time(facts.sinceMs) })],
      };
    case 'notice': {
      const due = facts.dueAtMs === null ? '' : word('handovers:until', { time: time(facts.dueAtMs) });
      return {
        title: `${word(`notices:level.${facts.level}`, {}, facts.level)} · ${accountText(facts.accountID, words)}`,
        details: [word(`notices:state.${facts.state}`, {}, facts.state), due],
      };
    }
    case 'worklist':
      return {
        title: `${word('handovers:worklist')} · ${accountText(facts.accountID, words)}`,
        details: [word(`worklists:state.${facts.state}`, {}, facts.state), word('handovers:since', { time: time(facts.madeAtMs) })],
      };
    case 'note':
      return { title: facts.text, details: [person(facts.by), time(facts.atMs)] };
  }
}

/** What a silence is about: `riskLevel account:A0001` in words, an identifier of a rule or of one condition as it is. */
function aboutText(about: string, words: ItemWords): string {
  const [first = '', ...rest] = about.split(' ');
  if (first.includes(':')) return entityText(about, words);
  const said = withoutStep(words.word(`alerts:kind.${first}`, { level: '' }, first));
  return rest.length === 0 ? said : `${said} · ${aboutText(rest.join(' '), words)}`;
}

/** `account:A0001` as people call it. */
function entityText(entity: string, { word, entityName }: ItemWords): string {
  const colon = entity.indexOf(':');
  if (colon < 0) return entity;
  return named(word(`alerts:entity.${entity.slice(0, colon)}`, { id: entity.slice(colon + 1) }, entity), entityName(entity));
}

function accountText(accountID: string, { entityName }: ItemWords): string {
  return named(accountID, entityName(`account:${accountID}`));
}

/** A telephone is picked up for a client, not for an account number. */
function named(text: string, name: string): string {
  return name === '' ? text : `${text} ${name}`;
}
