/** What an alert leaves under the step of the run that answers it: written once for the record, and taken apart again for people to read in words. */
import type { Alert } from '#shared/desk/alerts/alert';
import { withoutStep } from '#shared/desk/alerts/kind-words';
import { metricOf } from '#shared/desk/rules/metrics';

/** The label of the typed evidence that holds it. */
export const ALERT_EVIDENCE_LABEL = 'alert';

export type AlertEvidence = {
  kind: string;
  entity: string;
  metric: string;
  value: number | null;
  threshold: number | null;
  ruleId: string;
  ruleVersion: string;
  observedAtMs: number;
  /** Of money; empty for what is none, and in entries of earlier versions. */
  currencyID: string;
};

export function alertEvidenceText({ kind, entity, reason }: Pick<Alert, 'kind' | 'entity' | 'reason'>): string {
  const { metric, value, enterThreshold, ruleId, ruleVersion, observedAtMs, params } = reason;
  const { currencyID } = params;
  return [
    `${kind} ${entity}`,
    `${metric} = ${value ?? UNKNOWN} (${enterThreshold ?? UNKNOWN})`,
    `${ruleId} v${ruleVersion}`,
    new Date(observedAtMs).toISOString(),
    ...(typeof currencyID === 'string' && currencyID !== '' ? [currencyID] : []),
  ].join('; ');
}

const UNKNOWN = '—';
const WRITTEN = /^(\S+) (.*); (\S+) = (\S+) \((\S+)\); (\S+) v(\S+); ([^\s;]+)(?:; (\S+))?$/s;

/** Null for a text that `alertEvidenceText` did not write, which is shown as it is. */
export function alertEvidenceOf(text: string): AlertEvidence | null {
  const [, kind = '', entity = '', metric = '', value = '', threshold = '', ruleId = '', ruleVersion = '', observed = '', currencyID = ''] =
    WRITTEN.exec(text) ?? [];
  const observedAtMs = Date.parse(observed);
  const [figure, crossed] = [figureOf(value), figureOf(threshold)];
  if (kind === '' || Number.isNaN(observedAtMs) || figure === undefined || crossed === undefined) return null;
  return { kind, entity, metric, value: figure, threshold: crossed, ruleId, ruleVersion, observedAtMs, currencyID };
}

function figureOf(text: string): number | null | undefined {
  if (text === UNKNOWN) return null;
  const figure = Number(text);
  return Number.isFinite(figure) ? figure : undefined;
}

type EvidenceWords = {
  /** Keys name their texts' file: `alerts:` or `plans:`. Unknown keys come back as they are. */
  word: (key: string, params?: Record<string, string>) => string;
  number: (value: number) => string;
  time: (atMs: number) => string;
};

/** One line for paper; null for a text that `alertEvidenceText` did not write. */
export function alertEvidenceWords(text: string, { word, number, time }: EvidenceWords): string | null {
  const said = alertEvidenceOf(text);
  if (said === null) return null;
  const { kind, entity, metric, ruleVersion, currencyID } = said;
  const unit = metricOf(metric)?.unit ?? null;
  const figure = (value: number | null): string => {
    if (value === null) return '—';
    return unit === 'share'
      ? `${number(value * 100)} %`
      : unit === 'ms'
        ? `${number(value / 1000)} s`
        : `${number(value)}${unit === 'money' ? ` ${currencyID}` : ''}`.trimEnd();
  };
  const orItself = (key: string, itself: string, params?: Record<string, string>): string => {
    const found = word(key, params);
    return found === key ? itself : found;
  };
  // The rung that was reached is in the figure.
  const kindWords = withoutStep(orItself(`alerts:kind.${kind}`, kind, { level: '' }));
  const params = { metric: orItself(`alerts:metric.${metric}`, metric), value: figure(said.value), threshold: figure(said.threshold) };
  const rule = word('plans:alertRule', { version: ruleVersion });
  return `${word('plans:alertAsEvidence')} ${kindWords} · ${entity.slice(entity.indexOf(':') + 1)} · ${word('alerts:figure', params)} · ${rule} · ${time(said.observedAtMs)}`;
}
