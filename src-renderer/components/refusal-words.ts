/** Says in the page's language what the engine refuses: by the reason it names, and what its bus refuses most (a missing function, a lock, an account out of reach). */
import type { TFunction } from 'i18next';
import type { Refusal } from '#shared/refusal';

/** Null where the refusal is of another kind: its code and its technical message say the rest. */
export function refusalWords(t: TFunction, refusal: Refusal): string | null {
  if (refusal.reason !== undefined) return t(`reasons:${refusal.reason.code}`, refusal.reason.params);
  if (refusal.code === 'CONFLICT' && refusal.field === 'dataSubject') {
    const runs = /^dataSubject: (\d+) runs/.exec(refusal.message)?.[1];
    if (runs !== undefined) return t('people:refused.openRuns', { count: Number(runs) });
    const incidents = /^dataSubject: (\d+) incidents/.exec(refusal.message)?.[1];
    if (incidents !== undefined) return t('people:refused.openIncidents', { count: Number(incidents) });
    const open = /^dataSubject: (\d+) alerts/.exec(refusal.message)?.[1];
    return open === undefined ? t('people:refused.stillHere') : t('people:refused.openAlerts', { count: Number(open) });
  }
  if (refusal.code === 'CONFLICT' && refusal.field === 'keeping') return t('people:refused.fewWays');
  if (refusal.code !== 'FORBIDDEN') return null;
  const second = /^the second person needs the function ([\w.]+)$/.exec(refusal.message)?.[1];
  if (second !== undefined) return t('people:refused.secondFunction', { name: t(`people:function.${second}`) });
  if (refusal.message === 'the second person must work with the whole firm') return t('people:refused.secondFirm');
  const needed = /needs the function ([\w.]+)$/.exec(refusal.message)?.[1];
  if (needed !== undefined) return t('people:refused.function', { name: t(`people:function.${needed}`) });
  if (refusal.message === 'the desk is locked') return t('people:refused.locked');
  if (refusal.message === 'nobody is signed in at this desk') return t('people:refused.nobody');
  if (refusal.message.includes('is not among the accounts you may work with')) return t('people:refused.reach');
  if (refusal.message.includes('whole firm')) return t('people:refused.firm');
  return null;
}
