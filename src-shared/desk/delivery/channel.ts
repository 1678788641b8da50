/** Where alerts go beyond the screen, as the desk is told to send them. Secrets are no part of this: it is journalled. */
import { z } from 'zod';
import { severitySchema } from '#shared/desk/alerts/alert';
import { escalationRoleSchema } from '#shared/desk/alerts/policy';
import { calendarWindowSchema } from '#shared/desk/alerts/suppression';
import { rosterSchema } from '#shared/desk/delivery/roster';

const address = z
  .string()
  .max(254)
  .regex(/^[^\s@<>"]+@[^\s@<>"]+$/, 'must be a mail address');

const channelBase = {
  channelId: z.string().regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and dashes'),
  name: z.string().trim().min(1).max(64),
  isEnabled: z.boolean(),
  /** Whose channel it is: the steps of the ladder that it serves. */
  roles: z.array(escalationRoleSchema).min(1),
  /** Who alone is reached by it; then it is used only while they are on duty. Null or left out: it serves its roles, whoever holds them. */
  personId: z.string().min(1).max(64).nullable().optional(),
  minSeverity: severitySchema,
  tellsAllClear: z.boolean(),
  /** Notices that do not break through wait until the window ends. */
  quietHours: calendarWindowSchema.nullable(),
  language: z.enum(['zh-CN', 'en']),
};

export const channelSchema = z.discriminatedUnion('type', [
  z.object({
    ...channelBase,
    type: z.literal('webhook'),
    /** https anywhere; http only to this machine. With a secret each request is signed. */
    url: z.string().max(500).refine(isAllowedUrl, 'must be https, or http to this machine'),
  }),
  z
    .object({
      ...channelBase,
      type: z.literal('email'),
      host: z.string().min(1).max(253),
      port: z.number().int().min(1).max(65_535),
      /** `none` only to this machine. */
      security: z.enum(['tls', 'starttls', 'none']),
      user: z.string().max(254),
      from: address,
      to: z.array(address).min(1).max(20),
    })
    .refine(({ security, host }) => security !== 'none' || isThisMachine(host), {
      message: 'mail goes without TLS only to this machine',
      path: ['security'],
    }),
  z.object({
    ...channelBase,
    type: z.literal('command'),
    /** An absolute path. It is started directly, never by a shell; the notice comes on its standard input as JSON. */
    path: z
      .string()
      .max(500)
      .regex(/^([A-Za-z]:[\\/]|\/)/, 'must be an absolute path'),
    args: z.array(z.string().max(200)).max(20),
  }),
]);
export type Channel = z.infer<typeof channelSchema>;
export type ChannelType = Channel['type'];

export const deliverySettingsSchema = z.object({
  channels: z
    .array(channelSchema)
    .max(16)
    .refine((channels) => new Set(channels.map(({ channelId }) => channelId)).size === channels.length, 'two channels share an id'),
  /** Left out where none was ever kept. */
  roster: rosterSchema.optional(),
  sound: z.object({ isOn: z.boolean(), minSeverity: severitySchema, volume: z.number().min(0).max(1) }),
  desktop: z.object({ isOn: z.boolean(), minSeverity: severitySchema }),
  /** The window's entry in the taskbar flashes. */
  flash: z.object({ isOn: z.boolean(), minSeverity: severitySchema }),
});
export type DeliverySettings = z.infer<typeof deliverySettingsSchema>;

/** Nothing leaves this machine until somebody says where to. */
export const FIRST_DELIVERY_SETTINGS: DeliverySettings = {
  channels: [],
  sound: { isOn: true, minSeverity: 'high', volume: 0.6 },
  desktop: { isOn: true, minSeverity: 'medium' },
  flash: { isOn: true, minSeverity: 'critical' },
};

/** Where this channel sends to; a secret entered for another place is not sent here. */
export function targetOf(channel: Channel): string {
  switch (channel.type) {
    case 'webhook':
      return channel.url;
    case 'email':
      return `${channel.security}://${channel.user}@${channel.host}:${channel.port}`;
    case 'command':
      return channel.path;
  }
}

function isAllowedUrl(text: string): boolean {
  // Without a URL parser in the shared room: scheme and host are enough for this rule, the adapter parses the rest.
  if (/^https:\/\/[^\s/@]+/.test(text)) return true;
  const host = /^http:\/\/(\[[^\]\s]+\]|[^\s:/@]+)/.exec(text)?.[1];
  return host !== undefined && isThisMachine(host);
}

function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}
