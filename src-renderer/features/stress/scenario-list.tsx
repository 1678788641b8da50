/** The scenarios that can be chosen: bundled ones with their source, saved ones with their version, and what a person may do with each. */
import { Button, Checkbox } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScenarioView } from '#shared/contract/numbers-stress';
import { CertaintyMark } from '../../components/certainty-mark';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextDialog } from '../../components/text-dialog';
import { usePersonName } from '../../state/person-names';
import { request, useStream } from '../../state/use-stream';
import { describeScenario } from './describe-scenario';
import { ScenarioDialog } from './scenario-dialog';
import { EMPTY_FORM, formOf, type ScenarioForm } from './scenario-form';
import { scenarioCitation, scenarioName } from './scenario-name';

type Props = { chosen: readonly string[]; onChoose(scenarioIds: readonly string[]): void };

export function useScenarios(): { scenarios: ScenarioView[] | null; refusal: ReturnType<typeof useStream<'scenarios'>>['refusal'] } {
  const { picture, refusal } = useStream('scenarios', {});
  return { scenarios: picture?.scenarios ?? null, refusal };
}

export function ScenarioList({ chosen, onChoose }: Props): ReactNode {
  const { t } = useTranslation('stress');
  const { scenarios, refusal } = useScenarios();
  const [form, setForm] = useState<ScenarioForm | null>(null);
  const [removing, setRemoving] = useState<ScenarioView | null>(null);
  const toggle = (scenarioId: string): void =>
    onChoose(chosen.includes(scenarioId) ? chosen.filter((each) => each !== scenarioId) : [...chosen, scenarioId]);
  return (
    <aside className="scenario-list" aria-label={t('scenarios')} data-testid="scenario-list">
      <div className="scenario-head">
        <h3>{t('scenarios')}</h3>
        <div className="spacer" />
        <Button size="small" intent="primary" data-testid="scenario-new" onClick={() => setForm({ ...EMPTY_FORM })}>
          + {t('newScenario')}
        </Button>
      </div>
      <RefusalNotice refusal={refusal} action={t('scenarios')} />
      {scenarios === null && refusal === null && <div className="secondary panel-pad">{t('app:loading')}</div>}
      {scenarios !== null && scenarios.length === 0 && <div className="secondary panel-pad">{t('noScenarios')}</div>}
      <ul>
        {(scenarios ?? []).map((view) => (
          <ScenarioItem
            key={view.scenario.scenarioId}
            view={view}
            isChosen={chosen.includes(view.scenario.scenarioId)}
            onToggle={() => toggle(view.scenario.scenarioId)}
            onChange={() => setForm(formOf(view.scenario, true))}
            onCopy={() => {
              const copy = formOf(view.scenario, false);
              setForm({ ...copy, name: t('copyOf', { name: scenarioName(view.scenario.scenarioId, copy.name, t) }).slice(0, 80) });
            }}
            onRemove={() => setRemoving(view)}
          />
        ))}
      </ul>
      {form !== null && (
        <ScenarioDialog
          initial={form}
          onClose={() => setForm(null)}
          onSaved={(saved) => {
            setForm(null);
            const { scenarioId } = saved.scenario;
            onChoose(chosen.includes(scenarioId) ? [...chosen] : [...chosen, scenarioId]);
          }}
        />
      )}
      <TextDialog
        isOpen={removing !== null}
        title={t('removeTitle', { name: removing?.scenario.name ?? '' })}
        label={t('reason')}
        confirm={t('remove')}
        intent="danger"
        isRequired
        testId="scenario-remove"
        onClose={() => setRemoving(null)}
        onConfirm={async (reason) => {
          if (removing === null) return null;
          const { scenarioId } = removing.scenario;
          const outcome = await request('scenario.remove', { scenarioId, reason });
          if (outcome.ok) onChoose(chosen.filter((each) => each !== scenarioId));
          return outcome;
        }}
      >
        <p>{t('removeMeaning')}</p>
      </TextDialog>
    </aside>
  );
}

type ItemProps = { view: ScenarioView; isChosen: boolean; onToggle(): void; onChange(): void; onCopy(): void; onRemove(): void };

function ScenarioItem({ view, isChosen, onToggle, onChange, onCopy, onRemove }: ItemProps): ReactNode {
  const { t } = useTranslation('stress');
  const format = useFormat();
  const personName = usePersonName();
  const { scenario, origin } = view;
  const citation = scenarioCitation(scenario.scenarioId, view.citation, t);
  const who =
    origin === 'bundled'
      ? t('bundled')
      : t('savedBy', {
          version: scenario.version,
          person: view.savedBy === null ? '' : personName(view.savedBy),
          time: format.dateTime(view.savedAtMs),
        });
  return (
    <li
      className="scenario-item"
      data-testid="scenario"
      data-scenario={scenario.scenarioId}
      data-name={scenario.name}
      data-version={scenario.version}
      data-origin={origin}
    >
      <Checkbox checked={isChosen} onChange={onToggle} className="scenario-check" data-testid="scenario-check">
        <strong>{scenarioName(scenario.scenarioId, scenario.name, t)}</strong>
        {origin === 'saved' && <span className="scenario-version">v{scenario.version}</span>}
      </Checkbox>
      <div className="scenario-says">{describeScenario(scenario, t, format)}</div>
      <div className="scenario-who" title={[who, view.note, citation].filter((part) => part !== '').join('\n')}>
        {who}
        {citation !== '' && (
          <>
            {' · '}
            {view.certainty !== null && <CertaintyMark certainty={view.certainty} />} {citation}
          </>
        )}
      </div>
      <div className="scenario-actions">
        {origin === 'saved' && (
          <button type="button" className="link-button" data-testid="scenario-change" onClick={onChange}>
            {t('change')}
          </button>
        )}
        <button type="button" className="link-button" data-testid="scenario-copy" onClick={onCopy}>
          {t('copy')}
        </button>
        {origin === 'saved' && (
          <button type="button" className="link-button" data-testid="scenario-remove-open" onClick={onRemove}>
            {t('remove')}
          </button>
        )}
      </div>
    </li>
  );
}
