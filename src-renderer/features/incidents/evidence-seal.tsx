/** The gate before repair: what was kept of the scene, or who two people were that went on without. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentAct } from '#shared/contract/incidents';
import type { Incident } from '#shared/desk/incidents/incident';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecondPersonDialog } from '../../components/second-person';
import { TextDialog } from '../../components/text-dialog';
import { TextField } from '../../components/text-field';
import { usePersonName } from '../../state/person-names';
import { request, useAction } from '../../state/use-stream';

export function EvidenceSeal({ incident }: { incident: Incident }): ReactNode {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const nameOf = usePersonName();
  const [items, setItems] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const [override, setOverride] = useState<Extract<IncidentAct, { type: 'seal' }> | null>(null);
  const act = useAction('incident.act');
  const { incidentId, seal, repairBegunAtMs } = incident;
  const lines = items
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isOpen = seal === null || seal.override !== null;
  return (
    <section className="stack" data-testid="evidence-seal" data-sealed={seal !== null}>
      <p>{t('sealMeaning')}</p>
      {seal !== null && (
        <div className={seal.override === null ? '' : 'incident-warning'}>
          <strong>
            {seal.override === null ? '✓ ' : '▲ '}
            {t(seal.override === null ? 'sealedBy' : 'sealOverridden', { person: nameOf(seal.by), time: format.dateTime(seal.sealedAtMs) })}
          </strong>
          {seal.override !== null && ` ${nameOf(seal.override.secondPerson)}: ${seal.override.reason}`}
          <ul>
            {seal.items.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        </div>
      )}
      {isOpen && (
        <>
          <TextField
            label={t('sealItems')}
            help={t('sealItemsHelp')}
            rows={4}
            maxLength={4000}
            value={items}
            testId="seal-items"
            onValueChange={setItems}
          />
          <div className="row">
            <Button
              data-testid="seal-take-kept"
              onClick={() => void keptFiles(incident).then((kept) => setItems((before) => withLines(before, kept)))}
            >
              {t('takeKept')}
            </Button>
            <Button
              intent="primary"
              disabled={lines.length === 0}
              loading={act.isWaiting}
              data-testid="seal"
              onClick={() => void act.run({ incidentId, act: { type: 'seal', items: lines, overrideReason: null } })}
            >
              {t('seal')}
            </Button>
            {seal === null && (
              <Button data-testid="seal-override" onClick={() => setIsAsking(true)}>
                {t('sealOverride')}
              </Button>
            )}
          </div>
        </>
      )}
      <div className="row">
        <Button
          disabled={seal === null || repairBegunAtMs !== null}
          data-testid="begin-repair"
          title={seal === null ? t('repairLocked') : ''}
          onClick={() => void act.run({ incidentId, act: { type: 'beginRepair' } })}
        >
          {t('beginRepair')}
        </Button>
        {repairBegunAtMs !== null && <span>{t('repairBegun', { time: format.dateTime(repairBegunAtMs) })}</span>}
        {seal === null && <span className="secondary">{t('repairLocked')}</span>}
      </div>
      <RefusalNotice refusal={act.refusal} action={t('section.evidence')} />
      <TextDialog
        isOpen={isAsking}
        title={t('sealOverride')}
        label={t('reason')}
        confirm={t('sealOverride')}
        isRequired
        testId="seal-override-reason"
        onClose={() => setIsAsking(false)}
        onConfirm={(reason) => {
          setOverride({ type: 'seal', items: lines, overrideReason: reason });
          return Promise.resolve(null);
        }}
      />
      <SecondPersonDialog
        command={override === null ? null : { name: 'incident.act', payload: { incidentId, act: override } }}
        title={t('sealOverride')}
        onDone={() => setOverride(null)}
        onClose={() => setOverride(null)}
      >
        <p>{override?.overrideReason}</p>
      </SecondPersonDialog>
    </section>
  );
}

/** Name, size and hash of every file kept with the incident or one of its runs or alerts: a manifest that anybody can check later. */
async function keptFiles({ incidentId, links }: Incident): Promise<string[]> {
  const about = [
    { kind: 'incident' as const, id: incidentId },
    ...links.runIds.map((id) => ({ kind: 'run' as const, id })),
    ...links.alertIds.map((id) => ({ kind: 'alert' as const, id })),
  ];
  const lists = await Promise.all(about.map((each) => request('evidence.list', { about: each })));
  const files = lists.flatMap((list) => (list.ok ? list.value.files : []));
  return files.map(({ uses, bytes, sha256 }) => `${uses[0]?.name ?? ''} ${bytes} B sha256:${sha256}`);
}

function withLines(before: string, lines: readonly string[]): string {
  const known = before.split('\n').filter((line) => line.trim() !== '');
  return [...known, ...lines.filter((line) => !known.includes(line))].join('\n');
}
