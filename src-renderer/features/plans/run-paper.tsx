/** Prints a plan or a run on A4: for when the screen goes too. */
import { type ReactNode, useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { alertEvidenceWords } from '#shared/desk/plans/alert-evidence';
import { type PaperBlock, type PaperField, planPaper, runPaper } from '#shared/desk/plans/paper';
import type { Plan, Run } from '#shared/desk/plans/plan';
import { useFormat } from '../../components/format/use-format';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { useStream } from '../../state/use-stream';
import { stepKindKey } from './plan-page';
import { usePlanLibrary } from './use-plan-library';
import './run-paper.css';

type Printing = { plan: Plan; run: Run | null; atMs: number };
const usePrinting = create<{ printing: Printing | null }>()(() => ({ printing: null }));

export function printRun(run: Run): void {
  usePrinting.setState({ printing: { plan: run.plan, run, atMs: Date.now() } });
}

export function printPlan(plan: Plan): void {
  usePrinting.setState({ printing: { plan, run: null, atMs: Date.now() } });
}

/** Stands outside the page and is seen only by the printer. */
export function PaperLayer(): ReactNode {
  const { printing } = usePrinting();
  return printing === null ? null : createPortal(<Paper printing={printing} />, document.body);
}

function Paper({ printing }: { printing: Printing }): ReactNode {
  const blocks = usePaper(printing);
  const isReady = blocks !== null;
  useEffect(() => {
    if (!isReady) return;
    const done = (): void => usePrinting.setState({ printing: null });
    window.addEventListener('afterprint', done, { once: true });
    window.print();
    return () => window.removeEventListener('afterprint', done);
  }, [isReady]);
  return (
    <div className="paper" data-testid="paper">
      {blocks?.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a printed page never changes
        <Block key={index} block={block} />
      ))}
    </div>
  );
}

function usePaper({ plan, run, atMs }: Printing): PaperBlock[] | null {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const person = usePersonName();
  const library = usePlanLibrary();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const status = useStream('status', {}).picture;
  if (status === null) return null;
  const words = {
    isChinese,
    word: (key: string, params?: Record<string, string | number>) => t(`paper.${key}`, { ...params }),
    time: (ms: number) => format.dateTime(ms),
    person,
    role: library.roleName,
    stepKind: (kind: string) => t(stepKindKey(kind), { defaultValue: kind }),
    stepState: (state: string) => t(`stepState.${state}`),
    deviation: (code: string) => t(`deviation.${code}`),
    reading: { word: (key: string, orElse: string) => t(key, { defaultValue: orElse }), duration: format.duration },
    alert: (text: string) =>
      alertEvidenceWords(text, {
        word: (key, params) => t(key, { ...params, defaultValue: key }),
        number: (value) => format.number(value, Number.isInteger(value) ? 0 : 2),
        time: format.dateTime,
      }),
  };
  const facts = { fingerprint: status.journal.headFingerprint, printedAtMs: atMs };
  return run === null ? planPaper(plan, words, facts) : runPaper(run, words, facts);
}

function Block({ block }: { block: PaperBlock }): ReactNode {
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? <h1>{block.text}</h1> : <h2>{block.text}</h2>;
    case 'fields':
      return <Fields fields={block.fields} />;
    case 'paragraph':
      return (
        <p>
          <strong>{block.label}</strong> {block.text}
        </p>
      );
    case 'step':
      return (
        <section className="paper-step">
          <h3>
            {block.no} {block.title}
          </h3>
          <p className="paper-meta">{block.meta.filter((each) => each !== '').join(' · ')}</p>
          <p>{block.action}</p>
          {block.hints.map((hint) => (
            <p key={hint.label} className="paper-meta">
              {hint.label}: {hint.value}
            </p>
          ))}
          {block.boxes.map((box) => (
            <p key={box.text}>
              {box.isTicked ? '☑' : '☐'} {box.text}
            </p>
          ))}
          {block.record.map((line) => (
            <p key={line} className="paper-record">
              {line}
            </p>
          ))}
          <Fields fields={[...block.fields, ...block.signatures]} />
        </section>
      );
    case 'signatures':
      return <Fields fields={block.fields} />;
    case 'footer':
      return <footer>{block.text}</footer>;
  }
}

function Fields({ fields }: { fields: readonly PaperField[] }): ReactNode {
  return (
    <dl className="paper-fields">
      {fields.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd data-blank={value === null}>{value ?? ''}</dd>
        </div>
      ))}
    </dl>
  );
}
