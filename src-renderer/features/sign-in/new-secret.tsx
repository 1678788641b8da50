/** Choosing a password: typed twice, with how long it would stand said while it is typed; the engine judges, and judges again. */
import { ProgressBar } from '@blueprintjs/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { SecretField } from '../../components/secret-field';
import { request } from '../../state/use-stream';

type Judged = RequestAnswer<'auth.judgeSecret'>;

export type ChosenSecret = {
  value: string;
  again: string;
  judged: Judged | null;
  isReady: boolean;
  setValue(value: string): void;
  setAgain(value: string): void;
};

/** Long enough that a typist in full flow asks once. */
const JUDGE_AFTER_MS = 250;
/** The first judgement loads the lists of common passwords. */
const JUDGE_TIMEOUT_MS = 60_000;

/** `words`: the person's own names, which count as guesses. */
export function useNewSecret(words: string[]): ChosenSecret {
  const [value, setValue] = useState('');
  const [again, setAgain] = useState('');
  const [judged, setJudged] = useState<Judged | null>(null);
  const wordsKey = words.join('\n');
  useEffect(() => {
    setJudged(null);
    if (value === '') return;
    let isWanted = true;
    const timer = setTimeout(async () => {
      const own = wordsKey
        .split(/\s+/)
        .filter((word) => word !== '')
        .slice(0, 8);
      const outcome = await request('auth.judgeSecret', { secret: value, words: own }, JUDGE_TIMEOUT_MS);
      if (isWanted && outcome.ok) setJudged(outcome.value);
    }, JUDGE_AFTER_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [value, wordsKey]);
  // A judgement that has not come yet (a busy machine) holds nobody up: the engine judges again when it is sent.
  return { value, again, judged, isReady: value !== '' && value === again && judged?.isStrongEnough !== false, setValue, setAgain };
}

export function NewSecret({ secret }: { secret: ChosenSecret }): ReactNode {
  const { t } = useTranslation('people');
  const { judged } = secret;
  const share = judged === null ? 0 : Math.min(1, judged.guessesLog10 / (judged.neededLog10 * 1.5));
  const isOther = secret.again !== '' && secret.again !== secret.value;
  return (
    <>
      <SecretField label={t('newPassword')} help={t('passwordHelp')} value={secret.value} testId="new-secret" onValueChange={secret.setValue}>
        {secret.value !== '' && (
          <div className="secret-judged" data-testid="secret-judged" data-strong={judged?.isStrongEnough ?? 'unknown'} role="status">
            <ProgressBar animate={false} stripes={false} value={share} intent={judged?.isStrongEnough === true ? 'success' : 'warning'} />
            <span>
              {judged === null
                ? t('judging')
                : judged.isStrongEnough
                  ? t('strong')
                  : [t('weak'), ...judged.reasons.map((reason) => t(`weakness.${reason}`, { defaultValue: '' })).filter(Boolean)].join(' ')}
            </span>
          </div>
        )}
      </SecretField>
      <SecretField
        label={t('passwordAgain')}
        {...(isOther ? { help: t('notTheSame'), intent: 'warning' as const } : {})}
        value={secret.again}
        testId="new-secret-again"
        onValueChange={secret.setAgain}
      />
    </>
  );
}
