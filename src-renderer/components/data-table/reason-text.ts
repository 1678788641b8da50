/** Why a figure is unknown, in words: the frame's codes, the table's own, or the engine's text as it came. */
import type { TFunction } from 'i18next';

export function reasonText(t: TFunction, reason: string | null): string {
  if (reason === null || reason === '') return t('table:reason.notReported');
  // A code may carry what it is about after a blank or a colon: `noPrice SHFE.au2702`.
  const parts = /^([A-Za-z]+)(?:[ :]+(.+))?$/.exec(reason);
  const code = parts?.[1];
  if (code === undefined) return reason;
  const detail = parts?.[2] ?? '';
  const words = t([`table:reason.${code}`, `app:reason.${code}`], { defaultValue: '' });
  if (words === '') return reason;
  return detail === '' ? words : t('table:reasonDetail', { words, detail });
}
