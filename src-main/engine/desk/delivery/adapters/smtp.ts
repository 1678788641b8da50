/** Hands a notice to the firm's mail server. One connection for each attempt, so that every failure belongs to one message. */
import { createTransport } from 'nodemailer';
import { type AttemptOptions, type AttemptOutcome, connectionFailure, failed, type OutgoingMessage } from '#engine/desk/delivery/adapter';
import type { Channel } from '#shared/desk/delivery/channel';

type Email = Extract<Channel, { type: 'email' }>;

export async function sendMail(channel: Email, message: OutgoingMessage, { secret, timeoutMs }: AttemptOptions): Promise<AttemptOutcome> {
  if (channel.user !== '' && secret === null) return failed('secretMissing', `no password is set for ${channel.user}`, true);
  const transport = createTransport({
    host: channel.host,
    port: channel.port,
    secure: channel.security === 'tls',
    requireTLS: channel.security === 'starttls',
    ignoreTLS: channel.security === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(channel.user === '' ? {} : { auth: { user: channel.user, pass: secret ?? '' } }),
  });
  try {
    const sent = await transport.sendMail({
      from: channel.from,
      to: channel.to,
      subject: message.subject,
      text: message.text,
      // The same in every attempt: mail servers and people can tell a repetition.
      messageId: `<${message.deliveryId.replace(/[^A-Za-z0-9.-]/g, '.')}@floorwatch.invalid>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Floorwatch-Delivery': message.deliveryId },
    });
    const rejected = (sent.rejected ?? []).map(String);
    if (rejected.length > 0) return failed('recipientRefused', `not taken for ${rejected.join(', ')}`, true);
    return { ok: true, detail: String(sent.response ?? '').slice(0, 500) };
  } catch (error) {
    return failureOf(error);
  } finally {
    transport.close();
  }
}

function failureOf(error: unknown): AttemptOutcome {
  const { code = '', message, responseCode = 0 } = error as { code?: string; message: string; responseCode?: number };
  if (code === 'EAUTH') return failed('notLetIn', message, responseCode >= 500);
  if (code === 'ETLS') return failed('tlsFailed', message);
  // SMTP: 4xx may be tried again, 5xx is final (RFC 5321, 4.2.1).
  if (code === 'EENVELOPE') return failed('recipientRefused', message, responseCode >= 500);
  if (code === 'EMESSAGE') return failed('messageRefused', message, responseCode >= 500);
  if (responseCode >= 500) return failed('messageRefused', message, true);
  if (responseCode >= 400) return failed('serverFault', message);
  return connectionFailure(error);
}
