/** What every request and stream of the contract needs: exhaustive by type, so that nothing can be added without saying who may use it. */
import type { AccessRule } from '#shared/contract/access-rule';
import { ALERT_ACCESS, ALERT_STREAM_ACCESS } from '#shared/contract/alerts';
import { APPROVAL_ACCESS, APPROVAL_STREAM_ACCESS } from '#shared/contract/approvals';
import { AUDIT_ACCESS, AUDIT_STREAM_ACCESS } from '#shared/contract/audit';
import { CLOCK_ACCESS, DEVICE_ACCESS } from '#shared/contract/devices';
import { DRILL_ACCESS, DRILL_STREAM_ACCESS } from '#shared/contract/drills';
import { EVIDENCE_ACCESS, EVIDENCE_STREAM_ACCESS } from '#shared/contract/evidence';
import { HANDOVER_ACCESS, HANDOVER_STREAM_ACCESS } from '#shared/contract/handovers';
import { INCIDENT_ACCESS, INCIDENT_STREAM_ACCESS } from '#shared/contract/incidents';
import { NOTICE_ACCESS, NOTICE_STREAM_ACCESS } from '#shared/contract/notices';
import { PAPER_ACCESS } from '#shared/contract/paper';
import { PEOPLE_ACCESS, PEOPLE_STREAM_ACCESS } from '#shared/contract/people';
import { PLAN_ACCESS, PLAN_STREAM_ACCESS } from '#shared/contract/plans';
import { REFERENCE_ROW_ACCESS, REFERENCE_ROW_STREAM_ACCESS } from '#shared/contract/reference-rows';
import type { RequestName, RequestPayload } from '#shared/contract/requests';
import { RULE_ACCESS, RULE_STREAM_ACCESS } from '#shared/contract/rules';
import type { HeatmapParams, StreamKind, TableParams } from '#shared/contract/streams';

type AccessByRequest = { [Name in RequestName]: AccessRule<RequestPayload<Name>> };

export const REQUEST_ACCESS: AccessByRequest = {
  ...ALERT_ACCESS,
  ...APPROVAL_ACCESS,
  ...AUDIT_ACCESS,
  ...CLOCK_ACCESS,
  ...DEVICE_ACCESS,
  ...DRILL_ACCESS,
  ...EVIDENCE_ACCESS,
  ...HANDOVER_ACCESS,
  ...INCIDENT_ACCESS,
  ...NOTICE_ACCESS,
  ...PAPER_ACCESS,
  ...PEOPLE_ACCESS,
  ...PLAN_ACCESS,
  ...REFERENCE_ROW_ACCESS,
  ...RULE_ACCESS,

  // The sign-in screen is drawn in the person's language and theme before anybody has signed in.
  'settings.get': { needs: 'anyone' },
  // Where the pictures come from is more than a setting.
  'settings.change': {
    needs: 'settings.desk',
    alsoNeeds: ({ key }) => (key === 'feeds' ? 'feed.configure' : null),
    // Whoever could move the line alone could take out what lies above it alone.
    approval: ({ key }) => (key === 'exportApprovalRows' ? 'largeExport' : null),
    reach: 'free',
  },

  'feed.test': { needs: 'feed.configure', reach: 'free' },
  'feed.pause': { needs: 'feed.control', reach: 'free' },
  'feed.resume': { needs: 'feed.control', reach: 'free' },
  'feed.reconnect': { needs: 'feed.control', reach: 'free' },
  'recording.start': { needs: 'recording.make', reach: 'free' },
  'recording.stop': { needs: 'recording.make', reach: 'free' },
  'recording.list': { needs: 'replay.run', reach: 'free' },
  'recording.export': { needs: 'export.make', approval: () => 'largeExport' },
  'replay.start': { needs: 'replay.run', reach: 'free' },
  'replay.control': { needs: 'replay.run', reach: 'free' },
  'workspace.save': { needs: 'signedIn' },
  'workspace.list': { needs: 'signedIn' },
  'workspace.remove': { needs: 'signedIn' },
  search: { needs: 'monitor.view', reach: 'filtered' },
  'backup.restore': { needs: 'backup.restore', approval: () => 'restoreBackup' },
  'backup.now': { needs: 'backup.make', reach: 'free' },

  'explain.account': { needs: 'account.view', reach: 'named' },
  'scenario.list': { needs: 'stress.run', reach: 'filtered' },
  'scenario.save': { needs: 'scenario.edit', reach: 'filtered' },
  'scenario.remove': { needs: 'scenario.edit', reach: 'filtered' },
  'stress.account': { needs: 'stress.run', reach: 'named' },
  'inverse.account': { needs: 'inverse.run', reach: 'named' },
  'budget.account': { needs: 'budget.run', reach: 'named' },
  'worklist.preview': { needs: 'worklist.request', reach: 'named' },
  'worklist.make': { needs: 'worklist.request', reach: 'named' },
  'worklist.get': { needs: 'account.view', reach: 'named' },
  'worklist.export': { needs: 'export.make', reach: 'named' },
  'worklist.withdraw': { needs: 'worklist.request', reach: 'named' },
  'var.compute': { needs: 'stress.run', reach: 'named' },
  'prices.import': { needs: 'prices.import', reach: 'free' },
  'statement.import': { needs: 'statement.import' },
  'statement.list': { needs: 'account.view', reach: 'named' },
  'statement.compare': { needs: 'account.view', reach: 'named' },
  'account.history': { needs: 'account.view', reach: 'named' },
  'export.table': {
    needs: 'export.make',
    alsoNeeds: ({ table }) => (table === 'quotes' ? null : table === 'valueAtRisk' ? 'stress.run' : 'account.view'),
    reach: 'filtered',
    // Value at risk of the firm is a sum over accounts that a part of it does not reach.
    firmOnly: ({ table, of }) => table === 'valueAtRisk' && (of === undefined || of.of.type === 'firm'),
  },
};

export const STREAM_ACCESS: Record<StreamKind, AccessRule> = {
  ...ALERT_STREAM_ACCESS,
  ...APPROVAL_STREAM_ACCESS,
  ...AUDIT_STREAM_ACCESS,
  ...DRILL_STREAM_ACCESS,
  ...EVIDENCE_STREAM_ACCESS,
  ...HANDOVER_STREAM_ACCESS,
  ...INCIDENT_STREAM_ACCESS,
  ...NOTICE_STREAM_ACCESS,
  ...PEOPLE_STREAM_ACCESS,
  ...PLAN_STREAM_ACCESS,
  ...REFERENCE_ROW_STREAM_ACCESS,
  ...RULE_STREAM_ACCESS,

  status: { needs: 'anyone' },
  heatmap: { needs: 'monitor.view', alsoNeeds: ({ rows }: HeatmapParams) => (rows === 'account' ? 'account.view' : null), reach: 'filtered' },
  table: { needs: 'monitor.view', alsoNeeds: ({ table }: TableParams) => (table === 'quotes' ? null : 'account.view'), reach: 'filtered' },
  account: { needs: 'account.view', reach: 'filtered' },
  entityNames: { needs: 'monitor.view', alsoNeeds: () => 'account.view', reach: 'filtered' },
  health: { needs: 'monitor.view', reach: 'filtered' },
  runs: { needs: 'plan.view', reach: 'filtered' },
  run: { needs: 'plan.view', reach: 'filtered' },
  stress: { needs: 'stress.run', alsoNeeds: () => 'account.view', reach: 'filtered' },
  distance: { needs: 'inverse.run', alsoNeeds: () => 'account.view', reach: 'filtered' },
  limits: { needs: 'monitor.view', alsoNeeds: () => 'account.view', reach: 'filtered' },
  scenarios: { needs: 'stress.run', reach: 'filtered' },
  worklists: { needs: 'account.view', reach: 'filtered' },
};
