/** Drafts a drill from a scenario: who plays, who leads, who watches; nobody both plays and evaluates. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScenarioBrief } from '#shared/contract/drills';
import { Choice } from '../../components/choice';
import { FormDialog } from '../../components/form-dialog';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SelectField } from '../../components/select';
import { useAuth } from '../../state/auth';
import { useAction } from '../../state/use-stream';
import { useWords } from './use-words';

const PARTS = ['none', 'players', 'controllers', 'evaluators'] as const;
type Part = (typeof PARTS)[number];

type Props = { isOpen: boolean; scenarios: ScenarioBrief[]; onClose(): void; onDrafted(drillId: string): void };

export function NewDrillDialog({ isOpen, scenarios, onClose, onDrafted }: Props): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const format = useFormat();
  const people = useAuth()?.people ?? [];
  const [scenarioId, setScenarioId] = useState('');
  const [parts, setParts] = useState<Record<string, Part>>({});
  const draft = useAction('drill.draft');
  const scenario = scenarios.find((each) => each.scenarioId === (scenarioId || scenarios[0]?.scenarioId)) ?? null;
  const inPart = (part: Part): string[] => people.filter(({ personId }) => parts[personId] === part).map(({ personId }) => personId);
  const submit = async (): Promise<void> => {
    if (scenario === null) return;
    const drafted = await draft.run({
      scenarioId: scenario.scenarioId,
      players: inPart('players'),
      controllers: inPart('controllers'),
      evaluators: inPart('evaluators'),
    });
    if (drafted !== null) onDrafted(drafted.drillId);
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={t('new')}
      className="drill-dialog"
      canOutsideClickClose
      confirm={t('draft')}
      isReady={scenario !== null}
      isWaiting={draft.isWaiting}
      testId="new-drill"
      onSubmit={submit}
      onClose={onClose}
    >
      <SelectField
        label={t('scenario')}
        fill
        options={scenarios.map((each) => ({ value: each.scenarioId, label: `${each.planId} ${words(each.title)}` }))}
        value={scenario?.scenarioId ?? ''}
        testId="new-drill-scenario"
        onValueChange={setScenarioId}
      />
      {scenario !== null && (
        <>
          <p className="secondary">
            {t(`type.${scenario.type}`)} · {t(scenario.isAnnounced ? 'announced' : 'unannounced')} ·{' '}
            {t('injectCount', { count: scenario.injectCount })} · {format.duration(scenario.lastsSeconds * 1000)}
          </p>
          <ul className="drill-plain">
            {scenario.objectives.map(({ objectiveId, text }) => (
              <li key={objectiveId}>{words(text)}</li>
            ))}
          </ul>
        </>
      )}
      <h3>{t('whoDoesWhat')}</h3>
      <div className="drill-people">
        {people.map(({ personId, displayName }) => (
          <div key={personId} className="row">
            <span className="drill-person truncate">{displayName}</span>
            <Choice
              label={displayName}
              name={`new-drill-${personId}`}
              values={PARTS}
              chosen={parts[personId] ?? 'none'}
              text={(part) => t(`part.${part}`)}
              onChoose={(part) => setParts((before) => ({ ...before, [personId]: part }))}
            />
          </div>
        ))}
      </div>
      <RefusalNotice refusal={draft.refusal} action={t('new')} onLeave={onClose} />
    </FormDialog>
  );
}
