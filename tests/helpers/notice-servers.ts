/** A real web server and a real mail server on this machine that keep what they are sent and answer as a test tells them. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Posted = { headers: IncomingHttpHeaders; raw: string; body: Record<string, unknown> };

export async function webServer() {
  const posted: Posted[] = [];
  let status = 200;
  let hangs = false;
  const server = createServer((request, response) => {
    let raw = '';
    request.on('data', (part: Buffer) => {
      raw += part.toString();
    });
    request.on('end', () => {
      posted.push({ headers: request.headers, raw, body: JSON.parse(raw) as Record<string, unknown> });
      if (hangs) return;
      response.writeHead(status, status >= 300 && status < 400 ? { location: 'http://127.0.0.1:1/' } : {});
      response.end('seen');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/alerts`,
    posted,
    answerWith: (next: number) => {
      status = next;
    },
    hang: () => {
      hangs = true;
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

export async function mailServer(options: { password?: string; refuses?: string } = {}) {
  const mails: { to: string[]; raw: string }[] = [];
  const server = new SMTPServer({
    authOptional: options.password === undefined,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (auth, _session, done) =>
      auth.password === options.password ? done(null, { user: auth.username ?? '' }) : done(new Error('wrong password')),
    onRcptTo: (address, _session, done) =>
      address.address === options.refuses ? done(Object.assign(new Error('no such person'), { responseCode: 550 })) : done(),
    onData: (stream, session, done) => {
      let raw = '';
      stream.on('data', (part: Buffer) => {
        raw += part.toString();
      });
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw });
        done();
      });
    },
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.server.address() as AddressInfo;
  return { port, mails, close: () => new Promise<void>((done) => server.close(() => done())) };
}
