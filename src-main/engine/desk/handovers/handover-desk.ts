/** The hand-over of a shift at this desk: gathers what is open, freezes it when it is offered, and moves it when another person has taken it. */

import type { HandlersOf } from '#engine/desk/handlers';
import { type OpenThings, openItems } from '#engine/desk/handovers/open-items';
import type { Recorder } from '#engine/desk/record';
import type { ConfirmedBy, SecondPerson } from '#engine/desk/second-person';
import { StoreError } from '#engine/store/store-error';
import type { HANDOVER_REQUESTS, HandoverView, PictureByHandoverStream } from '#shared/contract/handovers';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { Alert } from '#shared/desk/alerts/alert';
import { type Decision, type DecisionContext, isRefusal } from '#shared/desk/decision';
import { decideMark, decideOffer, decideWithdraw, needsMark, type OpenItem, refuseTaking } from '#shared/desk/handovers/decide';
import {
  frozenItemSchema,
  type Handover,
  type HandoverEvent,
  handoverMarkSchema,
  handoverNoteSchema,
  handoverSchema,
} from '#shared/desk/handovers/handover';
import { itemKeyOf } from '#shared/desk/handovers/item';
import type { JournalEvent } from '#shared/journal/entry';
import { accept, type Outcome, refuse } from '#shared/refusal';

const SHOWN_PAST = 30;
/** Only one waits at a time, and none is offered after it: it is among the newest. The list is read anew with every entry. */
const LOOKED_THROUGH = SHOWN_PAST + 20;

export type HandoverParts = {
  recorder: Recorder;
  secondPerson: SecondPerson;
  /** The human behind a record. */
  humanOf: (personId: string) => string;
  /** Everything open at the desk; notes are the hand-over's own. */
  things: () => Omit<OpenThings, 'notes'>;
  /** Changes with the state of any feed, which is in the journal only when it matters. */
  feedStates: () => string;
  /** What the alert desk records when an alert goes to somebody else. */
  moveAlert: (alert: Alert, to: string, context: DecisionContext) => Decision<JournalEvent>;
};

export class HandoverDesk {
  readonly #parts: HandoverParts;
  readonly requests: HandlersOf<keyof typeof HANDOVER_REQUESTS>;

  constructor(parts: HandoverParts) {
    this.#parts = parts;
    const { recorder } = parts;
    this.requests = {
      'handover.mark': (payload) => this.#done('handover.mark', decideMark(this.#items(), payload, recorder.context())),
      'handover.note': (payload) => this.#note(payload),
      'handover.strike': (payload) => this.#strike(payload),
      'handover.offer': (payload) => this.#offer(payload),
      'handover.withdraw': (payload) => this.#withdraw(payload),
      'handover.accept': (payload) => this.#accept(payload),
      'handover.get': ({ handoverId }) => {
        const view = this.view(handoverId);
        return view === null ? refuse('UNKNOWN', `there is no hand-over ${handoverId}`, 'handoverId') : accept(view);
      },
    };
  }

  version(): string {
    const { feedStates, recorder } = this.#parts;
    return `${recorder.journal.headSequence} ${feedStates()}`;
  }

  picture(): PictureByHandoverStream['handovers'] {
    const items = this.#items().map((item) => ({ itemKey: itemKeyOf(item.facts), ...item, isPressing: needsMark(item) }));
    const all = this.#all();
    const open = all.find(({ state }) => state === 'offered');
    const offered = open === undefined ? null : { ...this.#viewOf(open), sinceKeys: this.#since(open) };
    return { items, offered, past: all.filter(({ state }) => state !== 'offered').slice(0, SHOWN_PAST) };
  }

  view(handoverId: string): HandoverView | null {
    const handover = this.#handover(handoverId);
    return handover === null ? null : this.#viewOf(handover);
  }

  #note({ text }: RequestPayload<'handover.note'>): Outcome<{ noteId: string }> {
    const { recorder } = this.#parts;
    const { nowMs, newId } = recorder.context();
    const noteId = newId();
    const event: HandoverEvent = { type: 'handover.noted', subject: `handoverItem:note:${noteId}`, payload: { noteId, text, atMs: nowMs } };
    const recorded = recorder.record('handover.note', [event]);
    return recorded.ok ? accept({ noteId }) : recorded;
  }

  #strike({ noteId }: RequestPayload<'handover.strike'>): Outcome<Record<string, never>> {
    const isOpen = this.#notes().some((note) => note.noteId === noteId && note.struck === null);
    const { nowMs } = this.#parts.recorder.context();
    const event: HandoverEvent = { type: 'handover.struck', subject: `handoverItem:note:${noteId}`, payload: { noteId, atMs: nowMs } };
    return this.#done('handover.strike', isOpen ? [event] : refuse('UNKNOWN', 'there is no such note any more', 'noteId'));
  }

  #offer({ remarks }: RequestPayload<'handover.offer'>): Outcome<RequestAnswer<'handover.offer'>> {
    const { recorder } = this.#parts;
    const { headSequence, headFingerprint } = recorder.journal;
    const offer = { items: this.#items(), open: this.#waiting(), remarks, fingerprint: `${headSequence}:${headFingerprint}` };
    const recorded = recorder.record('handover.offer', decideOffer(offer, recorder.context()));
    if (!recorded.ok) return recorded;
    return accept({ handoverId: recorded.value.at(-1)?.subject.slice('handover:'.length) ?? '' });
  }

  #withdraw({ handoverId, reason }: RequestPayload<'handover.withdraw'>): Outcome<Record<string, never>> {
    const handover = this.#handover(handoverId);
    if (handover === null) return this.#unknown('handover.withdraw', handoverId);
    return this.#done('handover.withdraw', decideWithdraw(handover, reason, this.#parts.recorder.context()));
  }

  /** The confirmation is used up only once the sheet can be taken otherwise: a refusal must not cost the incoming officer their word. */
  #accept(payload: RequestPayload<'handover.accept'>): Outcome<RequestAnswer<'handover.accept'>> {
    const { recorder, secondPerson, humanOf } = this.#parts;
    const { confirmationId, ...asked } = payload;
    const { handoverId, readBack } = asked;
    const handover = this.#handover(handoverId);
    if (handover === null) return this.#unknown('handover.accept', handoverId);
    const { items } = this.#viewOf(handover);
    const context = recorder.context();
    const isSameHuman = (personId: string): boolean => humanOf(personId) === humanOf(handover.outgoing);
    const refused = refuseTaking({ handover, items, readBack, isSameHuman: confirmationId === undefined && isSameHuman(context.actor) });
    if (refused !== null) return recorder.refused('handover.accept', refused);
    let confirmedBy: ConfirmedBy | null = null;
    if (confirmationId !== undefined) {
      const taken = secondPerson.take(confirmationId, { request: 'handover.accept', payload: asked });
      if (!taken.ok) return recorder.refused('handover.accept', taken);
      confirmedBy = taken.value;
    }
    const incoming = confirmedBy?.personId ?? context.actor;
    const stillRefused = refuseTaking({ handover, items, readBack, isSameHuman: isSameHuman(incoming) });
    if (stillRefused !== null) return recorder.refused('handover.accept', stillRefused);
    const moved = this.#moved(handover.outgoing, incoming, context);
    const movedAlertCount = moved.length;
    const accepted: HandoverEvent = {
      type: 'handover.accepted',
      subject: `handover:${handoverId}`,
      payload: {
        ...asked,
        ...{ outgoing: handover.outgoing, incoming, confirmedBy, movedAlertCount },
        how: confirmedBy === null ? 'ownSession' : 'onTheSpot',
        sinceKeys: this.#since(handover),
        atMs: context.nowMs,
      },
    };
    const recorded = recorder.record('handover.accept', [accepted, ...moved]);
    if (!recorded.ok) return recorded;
    this.#anchor();
    return accept({ handoverId, movedAlertCount });
  }

  /** What the outgoing officer had taken on goes to the incoming one, in the entry's own transaction: no moment without an owner. */
  #moved(outgoing: string, incoming: string, context: DecisionContext): JournalEvent[] {
    const { things, moveAlert, humanOf } = this.#parts;
    return things().alerts.flatMap((alert) => {
      if (alert.owner === null || humanOf(alert.owner) !== humanOf(outgoing)) return [];
      const decision = moveAlert(alert, incoming, context);
      return isRefusal(decision) ? [] : [...decision];
    });
  }

  /** A checkpoint at shift change: what two people signed is anchored before the first of them has left. */
  #anchor(): void {
    try {
      this.#parts.recorder.journal.checkpoint();
    } catch (error) {
      // The entries are safe, and the checkpoint of the next minute covers them too.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  #since({ itemKeys }: Handover): string[] {
    const known = new Set(itemKeys);
    return this.#items()
      .map(({ facts }) => itemKeyOf(facts))
      .filter((itemKey) => !known.has(itemKey));
  }

  #items(): OpenItem[] {
    const { documents } = this.#parts.recorder.journal.tables;
    return openItems({ ...this.#parts.things(), notes: this.#notes() }).map((facts) => {
      const mark = handoverMarkSchema.safeParse(documents.get('handoverMark', itemKeyOf(facts)));
      return { facts, mark: mark.success ? mark.data : null };
    });
  }

  #notes() {
    return this.#parts.recorder.journal.tables.documents.all('handoverNote').flatMap(({ body }) => {
      const parsed = handoverNoteSchema.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
  }

  #all(): Handover[] {
    return this.#parts.recorder.journal.tables.documents.newest('handover', LOOKED_THROUGH).flatMap(({ body }) => {
      const parsed = handoverSchema.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
  }

  #waiting(): Handover | null {
    return this.#all().find(({ state }) => state === 'offered') ?? null;
  }

  #handover(handoverId: string): Handover | null {
    const parsed = handoverSchema.safeParse(this.#parts.recorder.journal.tables.documents.get('handover', handoverId));
    return parsed.success ? parsed.data : null;
  }

  #viewOf(handover: Handover): HandoverView {
    const { documents } = this.#parts.recorder.journal.tables;
    const items = handover.itemKeys.flatMap((itemKey) => {
      const parsed = frozenItemSchema.safeParse(documents.get('handoverItem', frozenItemId(handover.handoverId, itemKey)));
      return parsed.success ? [parsed.data] : [];
    });
    return { handover, items, lostCount: handover.itemKeys.length - items.length };
  }

  #done(request: string, decision: Decision<HandoverEvent>): Outcome<Record<string, never>> {
    const recorded = this.#parts.recorder.record(request, decision);
    return recorded.ok ? accept({}) : recorded;
  }

  #unknown(request: string, handoverId: string): Outcome<never> {
    return this.#parts.recorder.refused(request, refuse('UNKNOWN', `there is no hand-over ${handoverId}`, 'handoverId'));
  }
}

function frozenItemId(handoverId: string, itemKey: string): string {
  return `${handoverId} ${itemKey}`;
}
