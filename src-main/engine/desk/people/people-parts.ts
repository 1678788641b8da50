/** What the rooms of the people desk share: who is on record, who sits here, and what keeps their secrets. */
import type { Clock } from '#engine/clock';
import type { ReachWorld } from '#engine/desk/bus/reach-guard';
import type { AccessData } from '#engine/desk/people/access-data';
import type { AskAuthenticator, Authenticators } from '#engine/desk/people/authenticators';
import type { Confirmations } from '#engine/desk/people/confirmations';
import type { Credentials } from '#engine/desk/people/credentials';
import type { DeskSession } from '#engine/desk/people/desk-session';
import type { KeyKeeping } from '#engine/desk/people/key-keeping';
import type { Keyring } from '#engine/desk/people/keyring';
import type { PeopleRecords } from '#engine/desk/people/people-records';
import type { PersonWays } from '#engine/desk/people/person-ways';
import type { HashCost } from '#engine/desk/people/secret-worker';
import type { Secrets } from '#engine/desk/people/secrets';
import type { Recorder } from '#engine/desk/record';
import type { ChainedJournal } from '#engine/journal/chained-journal';
import type { Signer } from '#engine/journal/signing/signer-interface';
import type { DataKey } from '#engine/store/data-key';
import type { Log } from '#engine/store/log';
import type { PeopleState } from '#shared/desk/people/decide';
import type { Person } from '#shared/desk/people/person';
import type { Mode } from '#shared/journal/entry';

export type PeopleDeskParts = {
  data: AccessData;
  journal: ChainedJournal;
  clock: Clock;
  newId: () => string;
  mode: Mode;
  log: Log;
  /** This start of the engine: the session of whatever no person asked for. */
  engineSession: string;
  keyringPath: string;
  /** People's passwords lead to it as well; null where there is none. */
  dataKey: DataKey | null;
  /** Called after it was decided who opens the desk when it starts. */
  onKeyKept: () => void;
  secretCost: HashCost | null;
  /** Left out: there is no window that could ask one. */
  askAuthenticator: AskAuthenticator | undefined;
  /** How a program on this machine is named in the journal. */
  localName: string;
  signer: () => Signer | null;
  /** Null: as the dated row says. */
  idleLockMs: () => number | null;
  /** Where accounts, alerts, runs and incidents belong. */
  reach: () => ReachWorld;
  /** Departments and groups that can be named in a reach, as the book knows them now. */
  parts: () => { departments: { id: string; name: string }[]; controlGroups: { id: string; name: string }[] };
};

/** Made once by the people desk. */
export type PeopleShared = {
  desk: PeopleDeskParts;
  recorder: Recorder;
  records: PeopleRecords;
  keyring: Keyring;
  secrets: Secrets;
  credentials: Credentials;
  authenticators: Authenticators;
  session: DeskSession;
  confirmations: Confirmations;
  ways: PersonWays;
  keyKeeping: KeyKeeping;
};

/** Who signs what nobody signed in has asked for. */
const NOBODY = 'nobody';

/** The personId of whoever sits here. */
export function actorOf(session: DeskSession): string {
  return session.current?.personId ?? NOBODY;
}

/** What a person's or a role's command is decided on. */
export function peopleState(records: PeopleRecords): PeopleState {
  return { people: records.all(), isClaimed: records.isClaimed, isFounding: records.isFounding };
}

/** The pair of roles that one person holds and must not; null when they hold none. */
export function conflictOf(records: PeopleRecords, person: Person): string | null {
  const [conflict] = records.conflictsOf(person);
  return conflict === undefined ? null : `${conflict.first} / ${conflict.second}`;
}
