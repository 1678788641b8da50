/** The first question at night: what has happened? Words in either language find the plan; runs under way come first. */
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan, Run } from '#shared/desk/plans/plan';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePreferences } from '../../state/preferences';
import { useAction, useStream } from '../../state/use-stream';
import { planScore } from '../plans/plan-search';
import { usePlanLibrary } from '../plans/use-plan-library';
import { usePlanText } from '../plans/use-plan-text';
import { openEmergency } from './emergency-state';

const FIND_KEYS = ['choose', 'take', 'leave'] as const;

type Choice = { kind: 'run'; run: Run } | { kind: 'plan'; plan: Plan };

export function EmergencyFind(): ReactNode {
  const { t } = useTranslation('plans');
  const library = usePlanLibrary();
  const texts = usePlanText();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const runs = useStream('runs', {}).picture?.runs ?? [];
  const start = useAction('run.start');
  const opId = useRef(crypto.randomUUID());
  const input = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  /** A plan asked for once: the second Enter begins it, so that nothing starts by a slip. */
  const [askedId, setAskedId] = useState<string | null>(null);
  const choices = useMemo(() => {
    const open = words === '' ? runs.filter((run) => run.state === 'running').map((run): Choice => ({ kind: 'run', run })) : [];
    const found = (library.plans ?? [])
      .map((plan) => ({ plan, score: planScore(plan, words) }))
      .filter(({ score }) => score > 0 || words.trim() === '');
    return [...open, ...found.sort((a, b) => b.score - a.score).map(({ plan }): Choice => ({ kind: 'plan', plan }))];
  }, [library.plans, runs, words]);
  useEffect(() => input.current?.focus(), []);

  const take = async (choice: Choice | undefined): Promise<void> => {
    if (choice === undefined) return;
    if (choice.kind === 'run') {
      openEmergency(choice.run.runId);
      return;
    }
    if (askedId !== choice.plan.id) {
      setAskedId(choice.plan.id);
      return;
    }
    const run = await start.run({ planId: choice.plan.id, opId: opId.current });
    if (run === null) return;
    opId.current = crypto.randomUUID();
    openEmergency(run.runId);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAskedId(null);
      setAt((before) => Math.max(0, Math.min(choices.length - 1, before + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void take(choices[at]);
    }
  };
  return (
    <section className="emergency-find" onKeyDown={onKeyDown} aria-label={t('emergency.whatHappened')}>
      <label htmlFor="emergency-words">{t('emergency.whatHappened')}</label>
      <input
        id="emergency-words"
        ref={input}
        className="emergency-words"
        value={words}
        maxLength={100}
        placeholder={t('emergency.example')}
        data-testid="emergency-words"
        onChange={(event) => {
          setWords(event.target.value);
          setAt(0);
          setAskedId(null);
        }}
      />
      <RefusalNotice refusal={start.refusal ?? library.refusal} action={t('start')} />
      <ul className="emergency-choices" data-testid="emergency-choices">
        {choices.map((choice, index) => {
          const id = choice.kind === 'run' ? choice.run.runId : choice.plan.id;
          const isChosen = index === at;
          const title =
            choice.kind === 'run'
              ? isChinese
                ? choice.run.planTitleZh
                : choice.run.planTitle
              : isChinese
                ? choice.plan.title_zh
                : choice.plan.title;
          return (
            <li key={id}>
              <button
                type="button"
                tabIndex={-1}
                className="emergency-choice"
                aria-current={isChosen}
                data-testid={`emergency-choice-${choice.kind === 'run' ? 'run' : choice.plan.id}`}
                ref={(button) => {
                  if (isChosen) button?.scrollIntoView({ block: 'nearest' });
                }}
                onClick={() => {
                  setAt(index);
                  void take(choice);
                }}
              >
                <strong>
                  {choice.kind === 'run' ? `▶ ${choice.run.planId}` : choice.plan.id} {title}
                </strong>
                <span className="secondary">{choice.kind === 'run' ? t('emergency.goOn') : texts.ofPlan(choice.plan, 'scope').text}</span>
                {choice.kind === 'plan' && askedId === choice.plan.id && (
                  <span className="emergency-ask" data-testid="emergency-ask">
                    ↵ {t('emergency.startAsked')}
                  </span>
                )}
              </button>
            </li>
          );
        })}
        {library.plans !== null && choices.length === 0 && <li className="secondary">{t('nothingFound')}</li>}
      </ul>
      <footer className="emergency-keys" data-testid="emergency-find-keys">
        {FIND_KEYS.map((key) => (
          <span key={key}>
            <kbd>{t(`emergency.findKey.${key}`)}</kbd> {t(`emergency.findDoes.${key}`)}
          </span>
        ))}
      </footer>
    </section>
  );
}
