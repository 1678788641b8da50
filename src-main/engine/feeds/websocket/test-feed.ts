/** Tries a feed without using it: who answers, what it offers and how far its clock is off, or why nobody answers. */
import { Packr } from 'msgpackr';
import WebSocket from 'ws';
import type { FeedConfig } from '#shared/contract/requests';
import { FEED_PROTOCOL, FEED_SUBPROTOCOLS } from '#shared/feed/messages';
import { accept, type Outcome, refuse } from '#shared/refusal';
import { type Clock, systemClock } from '../../clock';
import { MessageReader } from '../parsing/message-reader';
import { Complaints } from '../parsing/parse-items';
import { checkFeedAddress } from './address';

export type FeedTestResult = { source: string; tradingDay: string; streams: string[]; clockOffsetMs: number };

/** Resolves with the welcome or a refusal; never throws, and the link is closed again. `clockOffsetMs` is positive when the source is ahead. */
export async function testFeed(config: FeedConfig, timeoutMs = 5_000, clock: Clock = systemClock): Promise<Outcome<FeedTestResult>> {
  const address = checkFeedAddress(config.url);
  if (!address.ok) return address;
  return new Promise((resolve) => {
    const socket = new WebSocket(address.value, FEED_SUBPROTOCOLS[config.encoding], {
      handshakeTimeout: timeoutMs,
      maxPayload: 1024 * 1024,
      perMessageDeflate: false,
      followRedirects: false,
      skipUTF8Validation: true,
    });
    const finish = (outcome: Outcome<FeedTestResult>) => {
      clearTimeout(timer);
      socket.on('error', () => undefined);
      socket.terminate();
      resolve(outcome);
    };
    const timer = setTimeout(() => finish(refuse('UNAVAILABLE', `no welcome within ${timeoutMs} ms`)), timeoutMs);
    socket.on('error', (error) => finish(refuse('UNAVAILABLE', error.message === '' ? 'the connection was refused' : error.message)));
    socket.on('close', (code) => finish(refuse('UNAVAILABLE', `closed by the source (${code}) before its welcome`)));
    socket.on('open', () => {
      const hello = { type: 'hello', protocol: FEED_PROTOCOL, client: 'floorwatch', ...(config.token === undefined ? {} : { token: config.token }) };
      socket.send(config.encoding === 'msgpack' ? new Packr({ useRecords: false }).pack(hello) : JSON.stringify(hello));
    });
    const reader = new MessageReader();
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      const complaints = new Complaints();
      const statement = reader.read(data, isBinary, complaints);
      if (statement?.type === 'welcome') {
        const { source, tradingDay, streams, sourceTimeMs } = statement;
        finish(accept({ source, tradingDay, streams: [...streams], clockOffsetMs: Math.round(sourceTimeMs - clock.nowMs()) }));
      } else if (statement?.type === 'refusal') finish(refuse('FORBIDDEN', `refused by the source: ${statement.code} ${statement.message}`));
      else if (statement === null) finish(refuse('INVALID', complaints.shown[0]?.reason ?? 'its first message could not be read'));
    });
  });
}
