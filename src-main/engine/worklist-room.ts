/** Makes liquidation worklists from the live book, with a second person on the spot where one is asked for, and looks whether those made still hold. */
import type { Book } from '#engine/book/book';
import { buildClosableModel } from '#engine/book/what-if/close-terms';
import { figureSet } from '#engine/book/what-if/figure-set';
import { inputsHash, worklistBasis } from '#engine/book/what-if/worklist-basis';
import type { Clock } from '#engine/clock';
import type { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import type { WorklistDesk } from '#engine/desk/worklists/worklist-desk';
import type { NumbersRequests } from '#engine/port/numbers-view';
import type { WorklistPreview } from '#shared/contract/numbers';
import type { RequestPayload } from '#shared/contract/requests';
import type { WorklistContent } from '#shared/desk/worklists/events';
import type { Known } from '#shared/market/known';
import { makeWorklist } from '#shared/market/what-if/worklist';
import { accept, type Outcome, refuse } from '#shared/refusal';

type Parts = {
  clock: Clock;
  recorder: Recorder;
  /** The book on screen: the live one, or a replay's. */
  book: () => Book;
  liveBook: () => Book;
  isDataLive: (nowMs: number) => boolean;
  secondPerson: SecondPerson;
};

export type WorklistRoom = Pick<NumbersRequests, 'worklist.preview' | 'worklist.make'> & {
  /** Compares every list that still claims to hold with its account. */
  review(): void;
};

const MS_PER_MINUTE = 60_000;

function feeFields(fee: Known<number>): { fee: number | null; feeReason: string | null } {
  return fee.known ? { fee: fee.value, feeReason: null } : { fee: null, feeReason: fee.reason };
}

export function createWorklistRoom(parts: Parts, worklists: WorklistDesk): WorklistRoom {
  const { clock, recorder } = parts;
  const refusedMaking = (refusal: ReturnType<typeof refuse>): Outcome<never> => recorder.refused('worklist.make', refusal);

  function preview({ accountID, rules, feePerLot }: RequestPayload<'worklist.preview'>): Outcome<WorklistPreview> {
    const book = parts.book();
    const account = book.records.findAccount(accountID);
    if (account === null || !book.records.isPresent(account)) return refuse('UNKNOWN', `there is no account ${accountID}`, 'accountID');
    const list = makeWorklist(buildClosableModel(book, account), rules, feePerLot);
    if (list.kind === 'unknown') return accept(list);
    if (list.kind === 'notNeeded') return accept({ kind: 'notNeeded', before: figureSet(list.before) });
    const { kind, isEnough, lines, skipped, before, after, fee } = list;
    return accept({ kind, isEnough, lines, skipped, before: figureSet(before), after: figureSet(after), ...feeFields(fee) });
  }

  /** What would be recorded now, or why not: asked before a second person's word is used up. */
  function contentOf({
    accountID,
    rules,
    feePerLot,
    validForMinutes,
  }: RequestPayload<'worklist.make'>): Outcome<Omit<WorklistContent, 'worklistId'>> {
    const nowMs = clock.nowMs();
    if (parts.book() !== parts.liveBook()) return refusedMaking(refuse('CONFLICT', 'a replay is shown: a worklist is made from live data'));
    if (!parts.isDataLive(nowMs)) return refusedMaking(refuse('CONFLICT', 'no live data: a worklist is not made from a stale picture'));
    const book = parts.liveBook();
    const account = book.records.findAccount(accountID);
    if (account === null || !book.records.isPresent(account)) return refuse('UNKNOWN', `there is no account ${accountID}`, 'accountID');
    const model = buildClosableModel(book, account);
    const list = makeWorklist(model, rules, feePerLot);
    if (list.kind === 'unknown') return refusedMaking(refuse('CONFLICT', `the account's figures are unknown: ${list.reason}`));
    if (list.kind === 'notNeeded') return refusedMaking(refuse('CONFLICT', 'the account meets the target as it is'));
    const { isEnough, lines, skipped, before, after, fee } = list;
    return accept({
      accountID,
      accountName: model.accountName,
      rules,
      feePerLot,
      ...feeFields(fee),
      marketAsOfMs: book.marketTimeMs,
      accountAsOfMs: account.counter?.item.asOfMs ?? null,
      inputsHash: inputsHash(model),
      isEnough,
      lines,
      skipped,
      before: figureSet(before),
      after: figureSet(after),
      expiresAtMs: validForMinutes === null ? null : nowMs + validForMinutes * MS_PER_MINUTE,
      basis: worklistBasis(book, account),
    });
  }

  const make: WorklistRoom['worklist.make'] = (payload) => {
    const { confirmationId, ...asked } = payload;
    const content = contentOf(payload);
    if (!content.ok) return content;
    if (confirmationId === undefined) return worklists.make(content.value, asked.note, null);
    const taken = parts.secondPerson.take(confirmationId, { request: 'worklist.make', payload: asked });
    return taken.ok ? worklists.make(content.value, asked.note, taken.value) : refusedMaking(taken);
  };

  const seen = new Map<string, string>();
  function review(): void {
    const book = parts.liveBook();
    const watched = worklists.watched();
    if (watched.length === 0) {
      seen.clear();
      return;
    }
    for (const { worklistId, accountID } of watched) {
      const account = book.records.findAccount(accountID);
      if (account === null || account.counter === null) continue;
      const basis = worklistBasis(book, account);
      const text = JSON.stringify(basis);
      if (seen.get(worklistId) === text) continue;
      seen.set(worklistId, text);
      worklists.review(worklistId, basis);
    }
  }

  return { 'worklist.preview': preview, 'worklist.make': make, review };
}
