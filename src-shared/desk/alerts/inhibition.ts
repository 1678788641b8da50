/** An alert that only follows from another is not told beside it: the other must be on and recent, of the same mode, and not itself. */
import type { Alert } from '#shared/desk/alerts/alert';
import type { AlertPolicy } from '#shared/desk/alerts/policy';

/** The alert that inhibits this one now, or null. `sources` are open alerts; anything else among them is passed over. */
export function inhibitorOf(alert: Alert, sources: Iterable<Alert>, policy: AlertPolicy, nowMs: number): Alert | null {
  const rows = policy.inhibition.rows.filter((row) => row.targetKinds.includes(alert.kind));
  if (rows.length === 0) return null;
  for (const source of sources) {
    if (source.alertId === alert.alertId || source.mode !== alert.mode || source.human === 'closed') continue;
    // Lost data inhibits nothing: whether the cause is still there is exactly what nobody can see.
    if (source.reading !== 'on' || nowMs - source.changedAtMs > policy.inhibition.maxAgeMs) continue;
    for (const row of rows) {
      if (row.sourceKind !== source.kind || row.sourceKind === alert.kind) continue;
      if (row.sourceLevel !== undefined && source.reason.params.level !== row.sourceLevel) continue;
      if (row.equal.every((part) => partOf(source, part) === partOf(alert, part))) return source;
    }
  }
  return null;
}

export function isInhibitionSource(alert: Pick<Alert, 'kind'>, policy: AlertPolicy): boolean {
  return policy.inhibition.rows.some((row) => row.sourceKind === alert.kind);
}

export function isInhibitionTarget(alert: Pick<Alert, 'kind'>, policy: AlertPolicy): boolean {
  return policy.inhibition.rows.some((row) => row.targetKinds.includes(alert.kind));
}

function partOf(alert: Alert, part: string): string {
  return part === 'entity' ? alert.entity : (alert.dimensions[part] ?? '∅');
}
