/** The handling policy the desk ships with, read and checked once. */
import { type AlertPolicy, alertPolicySchema } from '#shared/desk/alerts/policy';
import policyRows from '../../../../resources/alerts/policy.json' with { type: 'json' };

/** Throws with field and reason: a desk must not open on a policy that nobody can read. */
export const bundledAlertPolicy: AlertPolicy = alertPolicySchema.parse(policyRows);
