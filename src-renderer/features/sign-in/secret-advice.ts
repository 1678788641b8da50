/** Why a name and a secret were not taken, in words: the engine says no more to anybody than that they were wrong. */
import type { TFunction } from 'i18next';
import type { Refusal } from '#shared/refusal';

/** Undefined leaves the general advice of the refusal's code. */
export function secretAdvice(t: TFunction<'people'>, refusal: Refusal | null): string | undefined {
  if (refusal === null) return undefined;
  const seconds = /(\d+) s/.exec(refusal.message)?.[1] ?? '?';
  if (refusal.field === 'tooSoon') return t('advice.tooSoon', { seconds });
  if (refusal.field === 'lockedOut') return t('advice.lockedOut', { minutes: Math.ceil(Number(seconds) / 60) });
  if (refusal.code === 'FORBIDDEN') return t(refusal.field === 'code' ? 'advice.expired' : 'advice.wrong');
  if (refusal.code === 'INVALID' && refusal.field === 'secret') return t('advice.weak');
  return undefined;
}

/** What a machine's reader answers, in words. */
export function authenticatorAdvice(t: TFunction<'people'>, refusal: Refusal | null): string | undefined {
  if (refusal === null || refusal.field !== 'authenticator') return undefined;
  return t(refusal.code === 'CONFLICT' ? 'authenticator.letBe' : 'authenticator.notProved');
}
