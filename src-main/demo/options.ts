/** The demonstration process's command line, parsed by a schema so that a bad option is named instead of ignored. */
import { z } from 'zod';
import { accept, type Outcome, refuse } from '#shared/refusal';
import { isTradingDay } from './market/calendar';

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);

const demoOptionsSchema = z.strictObject({
  port: whole(0, 65_535).default(0),
  seed: whole(0, 4_294_967_295).default(20_260_921),
  accounts: whole(10, 10_000).default(300),
  phase: z.enum(['auto', 'calm', 'busy', 'violent']).default('auto'),
  speed: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number')
    .transform(Number)
    .refine((value) => value >= 0.1 && value <= 200, 'must be from 0.1 to 200')
    .default(1),
  'quotes-per-second': whole(1, 200_000).optional(),
  'trading-day': z
    .string()
    .regex(/^\d{8}$/, 'must be YYYYMMDD')
    .refine((date) => !Number.isNaN(Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`)), 'is not a date')
    .refine(isTradingDay, 'is not a trading day')
    .optional(),
  labels: z.string().min(1).optional(),
  token: z.string().min(1).max(4096).optional(),
});
type DemoOptions = z.infer<typeof demoOptionsSchema>;

export const USAGE = `demo.js [options]   serves the demonstration broker over a loopback WebSocket (feed protocol v1)
  --port N                 port, 0 for any free one (0)
  --seed N                 the same seed gives the same broker
  --accounts N             10 to 10000 (300)
  --phase P                auto, calm, busy or violent (auto)
  --speed X                market seconds per second, 0.1 to 200 (1)
  --quotes-per-second N    drives the quote rate, up to 200000
  --trading-day YYYYMMDD   first trading day (today in China, or the next trading day)
  --labels FILE            writes the labelled misbehaviour there, for scoring detectors
  --token T                clients must give it in their hello`;

/** Reads `--name value` and `--name=value`. */
export function parseDemoOptions(args: readonly string[]): Outcome<DemoOptions> {
  const raw: Record<string, string> = {};
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (!word.startsWith('--')) return refuse('INVALID', `not an option: ${word}`);
    const equals = word.indexOf('=');
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const value = equals < 0 ? args[++index] : word.slice(equals + 1);
    if (value === undefined) return refuse('INVALID', `--${name} needs a value`);
    if (name in raw) return refuse('INVALID', `--${name} is given twice`);
    raw[name] = value;
  }
  const parsed = demoOptionsSchema.safeParse(raw);
  if (parsed.success) return accept(parsed.data);
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') return refuse('INVALID', `unknown option: ${issue.keys.map((key) => `--${key}`).join(', ')}`);
  return refuse('INVALID', `--${String(issue?.path[0] ?? '')} ${issue?.message ?? 'is wrong'}`);
}
