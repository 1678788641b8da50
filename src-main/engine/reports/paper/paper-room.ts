/** Makes papers: finds what they are about, draws them, writes them into the folder of what leaves the desk, and records each with its hash. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HandlersOf } from '#engine/desk/handlers';
import type { PlanInForce } from '#engine/desk/plans/library-desk';
import type { Recorder } from '#engine/desk/record';
import { type PlacedFile, placeFile } from '#engine/reports/export/place-file';
import { paperDocx } from '#engine/reports/paper/paper-docx';
import { paperHtml } from '#engine/reports/paper/paper-html';
import { paperWords } from '#engine/reports/paper/paper-texts';
import type { PaperPrinter } from '#engine/reports/paper/shell-printer';
import type { DrillView } from '#shared/contract/drills';
import type { HandoverView } from '#shared/contract/handovers';
import type { IncidentView } from '#shared/contract/incidents';
import type { PAPER_REQUESTS, PaperMade, PaperOf } from '#shared/contract/paper';
import type { RequestPayload } from '#shared/contract/requests';
import type { PaperDocument, PaperFacts, PaperWords } from '#shared/desk/paper/document';
import { drillDocument } from '#shared/desk/paper/drill-document';
import { handoverDocument } from '#shared/desk/paper/handover-document';
import { incidentDocument } from '#shared/desk/paper/incident-document';
import { planDocument, type RoleNames } from '#shared/desk/paper/plan-document';
import { regulatorForm } from '#shared/desk/paper/regulator-form';
import type { Run } from '#shared/desk/plans/plan';
import type { FirmProfile } from '#shared/desk/reporting/duty';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type PaperRoomParts = {
  recorder: Recorder;
  nowMs: () => number;
  newId: () => string;
  /** The desk's folder of what leaves it. */
  folder: string;
  /** IANA name of the market's zone, or null while no market is known. */
  timeZone: () => string | null;
  personNames: () => Readonly<Record<string, string>>;
  /** Names of accounts, departments and control groups by entity, as the book knows them now. */
  entityNames: () => Readonly<Record<string, string>>;
  planInForce: (planId: string) => PlanInForce | null;
  roles: () => RoleNames;
  run: (runId: string) => Run | null;
  incident: (incidentId: string) => IncidentView | null;
  firm: () => FirmProfile;
  drill: (drillId: string) => DrillView | null;
  handover: (handoverId: string) => HandoverView | null;
  /** Left out where there is no shell: the command line, tests. */
  printer?: PaperPrinter | undefined;
};

type Wish = RequestPayload<'paper.make'>;

export class PaperRoom {
  readonly #parts: PaperRoomParts;
  /** One paper after the other: two of the same second must not take the same file name. */
  #last: Promise<unknown> = Promise.resolve();
  readonly requests: HandlersOf<keyof typeof PAPER_REQUESTS>;

  constructor(parts: PaperRoomParts) {
    this.#parts = parts;
    this.requests = {
      'paper.make': (wish) => {
        const made = this.#last.then(() => this.#make(wish));
        this.#last = made.catch(() => undefined);
        return made;
      },
    };
  }

  async #make(wish: Wish): Promise<Outcome<PaperMade>> {
    const { recorder, folder, nowMs } = this.#parts;
    const facts: PaperFacts = { fingerprint: `${recorder.journal.headSequence}:${recorder.journal.headFingerprint}`, printedAtMs: nowMs() };
    const document = this.#document(wish, facts);
    if (!document.ok) return recorder.refused('paper.make', document);
    const content = await this.#content(document.value, wish.format);
    if (!content.ok) return recorder.refused('paper.make', content);
    let placed: PlacedFile;
    try {
      placed = await placeFile(content.value, wish.format, { folder, file: fileName(wish, facts.printedAtMs), exists: existsSync });
    } catch (error) {
      return recorder.refused(
        'paper.make',
        refuse('FAILED', `the file could not be written: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
    const { format, language, of } = wish;
    const { path, sha256, bytes } = placed;
    const payload = { paper: of, format, language, file: path, sha256, bytes, fingerprint: facts.fingerprint, atMs: facts.printedAtMs };
    const recorded = recorder.record('paper.make', [{ type: 'export.made', subject: `export:${placed.file}`, payload }]);
    return recorded.ok ? accept({ ...placed, fingerprint: facts.fingerprint }) : recorded;
  }

  async #content(document: PaperDocument, format: Wish['format']): Promise<Outcome<Uint8Array>> {
    if (format === 'docx') return accept(await paperDocx(document));
    const { printer, newId } = this.#parts;
    if (printer === undefined) return refuse('UNAVAILABLE', 'a PDF is printed by the app with its screen; here take the Word document', 'format');
    return printer(paperHtml(document), newId());
  }

  #words(language: Wish['language']): PaperWords {
    const names = this.#parts.personNames();
    const entities = this.#parts.entityNames();
    return paperWords({
      language,
      timeZone: this.#parts.timeZone() ?? ownTimeZone(),
      person: (personId) => names[personId] ?? personId,
      entityName: (entity) => entities[entity] ?? '',
    });
  }

  #document({ of, language }: Wish, facts: PaperFacts): Outcome<PaperDocument> {
    const { planInForce, roles, run, firm, drill } = this.#parts;
    const words = this.#words(language);
    switch (of.kind) {
      case 'plan': {
        const found = planInForce(of.id);
        return found === null ? unknown(of) : accept(planDocument(found, roles(), words, facts));
      }
      case 'run': {
        const found = run(of.id);
        return found === null ? unknown(of) : accept(planDocument({ run: found }, roles(), words, facts));
      }
      case 'incident': {
        const view = this.#parts.incident(of.id);
        return view === null ? unknown(of) : accept(incidentDocument(view, words, facts));
      }
      case 'duty': {
        const view = this.#parts.incident(of.id);
        const duty = view?.incident.duties.find(({ dutyId }) => dutyId === of.dutyId);
        if (view === null || duty === undefined) return unknown(of);
        const due = view.dues.find(({ dutyId }) => dutyId === of.dutyId) ?? null;
        return accept(regulatorForm({ incident: view.incident, duty, due, firm: firm() }, words, facts));
      }
      case 'drill': {
        const view = drill(of.id);
        if (view === null) return unknown(of);
        // Its paper would tell the players what is to come.
        if (view.isPlanHidden) return refuse('FORBIDDEN', 'who plays this drill sees its plan after the end', 'of.id');
        return accept(drillDocument(view, words, facts));
      }
      case 'handover': {
        const view = this.#parts.handover(of.id);
        return view === null ? unknown(of) : accept(handoverDocument(view, roles(), words, facts));
      }
    }
  }
}

function unknown(of: PaperOf): Outcome<PaperDocument> {
  if (of.kind === 'duty') return refuse('UNKNOWN', `there is no duty ${of.dutyId} of an incident ${of.id}`, 'of.dutyId');
  return refuse('UNKNOWN', `there is no ${of.kind} ${of.id}`, 'of.id');
}

function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Only letters, digits and dashes: an imported plan names itself as it likes. */
function fileName({ of, language }: Wish, printedAtMs: number): string {
  const stamp = new Date(printedAtMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const about = of.kind === 'plan' ? of.id : of.kind === 'duty' ? `${of.id.slice(0, 8)}-${of.dutyId}` : of.id.slice(0, 8);
  return `${of.kind}-${about.replaceAll(/[^A-Za-z0-9-]/g, '_')}-${language}-${stamp}`;
}

/** The folder in which a desk puts what leaves it. */
export function paperFolder(dataDir: string): string {
  return join(dataDir, 'exports');
}
