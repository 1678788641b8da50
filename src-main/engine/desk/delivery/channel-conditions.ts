/** A channel that does not work is itself a condition: it is raised, told by the other ways and closed by people like any other. */
import type { Condition } from '#engine/watch/condition';
import type { AlertPolicy } from '#shared/desk/alerts/policy';
import type { FailureCode } from '#shared/desk/delivery/notice';

export const CHANNEL_ALERT_KIND = 'deliveryFailed';

export const channelConditions = {
  failed: (channelId: string, code: FailureCode, detail: string, policy: AlertPolicy, atMs: number): Condition =>
    condition('raised', channelId, policy, atMs, { level: 'failed', failureCode: code, detail: detail.slice(0, 200) }),
  works: (channelId: string, policy: AlertPolicy, atMs: number): Condition => condition('cleared', channelId, policy, atMs, { level: 'works' }),
};

function condition(
  transition: 'raised' | 'cleared',
  channelId: string,
  policy: AlertPolicy,
  atMs: number,
  params: Record<string, string | number | null>,
): Condition {
  const { citation, citation_zh, certainty, failingFromFailures } = policy.delivery;
  return {
    transition,
    ruleId: 'delivery-channel',
    kind: CHANNEL_ALERT_KIND,
    entity: `channel:${channelId}`,
    dimensions: {},
    severity: 'high',
    atMs,
    reason: {
      ruleId: 'delivery-channel',
      ruleVersion: policy.version,
      metric: 'failedDeliveries',
      value: transition === 'raised' ? failingFromFailures : 0,
      enterThreshold: failingFromFailures,
      exitThreshold: 0,
      thresholdCitation: citation,
      thresholdCitationZh: citation_zh,
      thresholdCertainty: certainty,
      observedAtMs: atMs,
      params: { channelId, ...params },
    },
  };
}
