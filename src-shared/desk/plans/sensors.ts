/** What the desk itself can read for a step: a small catalogue, so that plans name readings and not screens. */
export const SENSORS = [
  /** How many feeds are live, of how many. */
  'feeds.state',
  /** How long the quietest feed has been silent. */
  'feeds.age',
  /** Held contracts in open sessions whose price nobody vouches for. */
  'quotes.stale',
  /** Accounts at or past a level of risk, by level. */
  'levels.reached',
  /** Accounts whose figures are not known. */
  'accounts.unknown',
  /** Whether the market is open. */
  'market.session',
  /** Alerts that nobody has acknowledged. */
  'alerts.unacknowledged',
  /** Whether the record can be written and proved. */
  'journal.state',
] as const;
export type SensorName = (typeof SENSORS)[number];

export function isSensor(name: string): name is SensorName {
  return (SENSORS as readonly string[]).includes(name);
}
