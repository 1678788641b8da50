/** A line of an incident's timeline in words, for the screen and for paper: what happened, and the facts beside it, none under a name of the program's own. */
import type { Incident, TimelineEntry } from '#shared/desk/incidents/incident';

export type TimelineWords = {
  /** Keys name their texts' file. Answers what is given where there is no such text. */
  word: (key: string, orElse: string) => string;
  time: (atMs: number) => string;
  person: (personId: string) => string;
  language: 'en' | 'zh';
};

export function timelineText(entry: TimelineEntry, { duties }: Pick<Incident, 'duties'>, words: TimelineWords): string {
  const { code, text, params } = entry;
  if (code === null) return text;
  const { word, language } = words;
  const facts = Object.entries(params).map(([name, value]) => {
    if (name === 'dutyId') return duties.find(({ dutyId }) => dutyId === value)?.rule.title[language] ?? String(value);
    return factText(code, name, value, words);
  });
  const what = word(`incidents:happened.${code}`, word(`entries:kind.${code}`, code));
  return [what, facts.filter((fact) => fact !== '').join(' · ')].filter((part) => part !== '').join(' ');
}

function factText(code: string, name: string, value: string | number | null, { word, time, person }: TimelineWords): string {
  if (value === null) return '';
  const itself = String(value);
  // Why a duty was stood down or asked for again follows from the grade and the state beside it.
  if (name === 'reason' && (code === 'incident.dutyStoodDown' || code === 'incident.dutyRevived')) return '';
  if (name === 'timeMs' && typeof value === 'number') return time(value);
  if (name === 'personId' || (name === 'to' && code === 'alert.handedOver')) return person(itself);
  if (name === 'name' && code === 'incident.timeSet') return word(`incidents:time.${itself}`, itself);
  if (name === 'from' || name === 'to') return word(`incidents:state.${itself}`, itself);
  if (name === 'grade' || name === 'role') return word(`incidents:${name}.${itself}`, itself);
  if (name === 'severity') return word(`app:severity.${itself}.name`, itself);
  return itself;
}
