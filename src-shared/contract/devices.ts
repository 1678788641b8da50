/** What a person may ask about other desks and about this machine's clock: requests, and what each needs. */
import { z } from 'zod';
import type { AccessRule } from '#shared/contract/access-rule';
import { cardSchema, type DeviceCard, deskNameSchema, deviceIdSchema, heardFingerprintSchema } from '#shared/desk/devices/card';
import { type KnownDevice, sameHumansSchema } from '#shared/desk/devices/device';
import { letterTextSchema } from '#shared/desk/devices/letter';

const reason = z.string().trim().min(1, 'a reason is needed').max(2000);
const nothing = z.object({});

export const DEVICE_REQUESTS = {
  'device.list': { payload: nothing, answer: z.object({ device: z.string(), devices: z.array(z.custom<KnownDevice>()) }) },
  /** Writes this desk's card into its folder of exports. The fingerprint is read aloud to the other desk. */
  'device.card': {
    payload: z.object({ deskName: deskNameSchema }),
    answer: z.object({ file: z.string(), path: z.string(), fingerprint: z.string(), card: z.custom<DeviceCard>() }),
  },
  /** Looks at another desk's card; changes nothing. */
  'device.read': {
    payload: z.object({ text: letterTextSchema }),
    answer: z.object({ card: z.custom<DeviceCard>(), known: z.custom<KnownDevice>().nullable() }),
  },
  /** `heard`: the fingerprint as the other desk read it aloud. `people`: who of that desk is who here; whoever is left out counts for nothing. */
  'device.trust': {
    payload: z.object({
      card: cardSchema,
      heard: heardFingerprintSchema,
      people: sameHumansSchema,
      reason,
    }),
    answer: nothing,
  },
  'device.withdraw': { payload: z.object({ device: deviceIdSchema, reason }), answer: nothing },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const DEVICE_ACCESS = {
  'device.list': { needs: 'people.view', reach: 'free' },
  'device.card': { needs: 'people.manage' },
  'device.read': { needs: 'people.manage' },
  'device.trust': { needs: 'people.manage', approval: () => 'deviceTrust' },
  // At once and by one: doubt must not wait for anybody.
  'device.withdraw': { needs: 'people.manage' },
} satisfies Record<keyof typeof DEVICE_REQUESTS, AccessRule>;

export const CLOCK_REQUESTS = {
  /** Believes the machine's clock again as it is now. `firstSequence` names the jump that was shown. */
  'clock.accept': { payload: z.object({ firstSequence: z.number().int().min(1), reason }), answer: nothing },
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export const CLOCK_ACCESS = {
  'clock.accept': { needs: 'settings.desk', approval: () => 'deviceTrust' },
} satisfies Record<keyof typeof CLOCK_REQUESTS, AccessRule>;
