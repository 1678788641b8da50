/** Posts a notice as JSON to the firm's own system, signed when a secret is set. Redirects are not followed: an alert goes where a person said, nowhere else. */
import { createHmac } from 'node:crypto';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { type AttemptOptions, type AttemptOutcome, connectionFailure, failed, type OutgoingMessage } from '#engine/desk/delivery/adapter';
import type { Channel } from '#shared/desk/delivery/channel';

type Webhook = Extract<Channel, { type: 'webhook' }>;
const MOST_ANSWER_BYTES = 4096;

/** `x-floorwatch-signature: sha256=HEX` is the HMAC of the body; `idempotency-key` is the same in every attempt. */
export function postWebhook(channel: Webhook, message: OutgoingMessage, { secret, timeoutMs }: AttemptOptions): Promise<AttemptOutcome> {
  const body = Buffer.from(JSON.stringify({ ...message.body, subject: message.subject, text: message.text }));
  const headers: Record<string, string | number> = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'user-agent': 'Floorwatch',
    'idempotency-key': message.deliveryId,
  };
  if (secret !== null) headers['x-floorwatch-signature'] = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const url = new URL(channel.url);
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? requestTls : requestPlain;
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = send(url, { method: 'POST', headers, signal, agent: false }, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (answer.length < MOST_ANSWER_BYTES) answer += part;
      });
      response.on('error', (error) =>
        resolve(signal.aborted ? failed('timedOut', `no whole answer within ${timeoutMs} ms`) : connectionFailure(error)),
      );
      response.on('end', () => resolve(outcomeOf(response.statusCode ?? 0, answer)));
    });
    sent.on('error', (error) => resolve(signal.aborted ? failed('timedOut', `no answer within ${timeoutMs} ms`) : connectionFailure(error)));
    sent.end(body);
  });
}

function outcomeOf(status: number, answer: string): AttemptOutcome {
  const detail = `HTTP ${status} ${answer.slice(0, 200)}`.trim();
  if (status >= 200 && status < 300) return { ok: true, detail };
  if (status >= 300 && status < 400) return failed('redirected', detail, true);
  if (status === 401 || status === 403) return failed('notLetIn', detail, true);
  if (status === 408) return failed('timedOut', detail);
  if (status === 429) return failed('rateLimited', detail);
  if (status >= 500) return failed('serverFault', detail);
  return failed('answeredWithError', detail, true);
}
