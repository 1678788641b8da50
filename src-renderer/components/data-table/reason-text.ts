/** Why a figure is unknown, in words: the frame's codes, the table's own, or the engine's text as it came. */
import type { TFunction } from 'i18next';
import { reasonParts } from '#shared/market/reason';

/** A subject is names of the market and fields or kinds of ours, one word each; ours are said in the page's language. */
function subjectText(t: TFunction, subject: string): string {
  return subject
    .split(' ')
    .map((word) => t([`table:column.${word}`, `table:reasonWord.${word}`, `table:value.hedgeFlag.${word}`], { defaultValue: word }))
    .join(' ');
}

export function reasonText(t: TFunction, reason: string | null): string {
  if (reason === null || reason === '') return t('table:reason.notReported');
  const { code, subject } = reasonParts(reason);
  const words = t([`table:reason.${code}`, `app:reason.${code}`], { defaultValue: '' });
  if (words === '') return reason;
  if (subject === '') return words;
  return t('table:reasonDetail', { words, detail: subjectText(t, subject) });
}
