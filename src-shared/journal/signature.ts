/** What is signed in the record, by whom, and how a signature is written: the same on every desk and in every release. */
import { canonicalJson } from '#shared/journal/canonical';

/**
 * Entries for which a person answers by name. A person whose key is open at a desk signs every one of these there; one without a signature shows
 * when the record is verified. Whole families end with a dot. Source: docs/audit.md.
 */
const SIGNED_TYPES: ReadonlySet<string> = new Set([
  'alert.acknowledged',
  'alert.closed',
  'run.started',
  'run.roleAssigned',
  'run.stepDone',
  'run.stepSkipped',
  'run.stepReopened',
  'run.finished',
  'run.aborted',
  'worklist.made',
  'worklist.withdrawn',
  'export.made',
  'audit.exported',
  'setting.changed',
  'backup.restoreOrdered',
  'desk.keyKept',
  'clock.accepted',
  'privacy.destroyed',
  'evidence.added',
  'evidence.exported',
  'evidence.sealed',
]);
const SIGNED_FAMILIES: ReadonlySet<string> = new Set([
  'approval',
  'breakGlass',
  'person',
  'people',
  'role',
  'rule',
  'plan',
  'incident',
  'report',
  'drill',
  'handover',
  'device',
  'foreign',
]);

export function isSignedType(type: string): boolean {
  return SIGNED_TYPES.has(type) || SIGNED_FAMILIES.has(type.slice(0, type.indexOf('.')));
}

/** Ed25519 (RFC 8032): `keyId` is 32, `signature` 128 characters of lower-case hex. Hex has one spelling, so that no changed bit means the same. */
export type Signed = { keyId: string; signature: string };

const WRITTEN = /^ed25519:([0-9a-f]{32}):([0-9a-f]{128})$/;

export function writeSignature({ keyId, signature }: Signed): string {
  return `ed25519:${keyId}:${signature}`;
}

/** Null for what is no signature at all. */
export function readSignature(text: string): Signed | null {
  const parts = WRITTEN.exec(text);
  return parts?.[1] === undefined || parts[2] === undefined ? null : { keyId: parts[1], signature: parts[2] };
}

/** What a signature is made over names its use first, so that none can be passed off as one of another use. */
export function entryStatement(entryHash: string): string {
  return `floorwatch.entry.1:${entryHash}`;
}

export function checkpointStatement(sum: string): string {
  return `floorwatch.checkpoint.1:${sum}`;
}

/** What a second person signs on the spot: one request with exactly one payload, once. `payloadHash`: SHA-256 of its canonical JSON, without `confirmationId`. */
export function confirmationStatement(about: { confirmationId: string; request: string; payloadHash: string; personId: string }): string {
  const { confirmationId, request, payloadHash, personId } = about;
  return `floorwatch.confirmation.1:${canonicalJson({ confirmationId, request, payloadHash, personId })}`;
}

/** What a checker signs who is signed in: this decision about exactly this payload and this state of what it changes. */
export function decisionStatement(about: {
  approvalId: string;
  decision: 'approve' | 'reject';
  payloadHash: string;
  contextHash: string;
  personId: string;
}): string {
  const { approvalId, decision, payloadHash, contextHash, personId } = about;
  return `floorwatch.decision.1:${canonicalJson({ approvalId, decision, payloadHash, contextHash, personId })}`;
}

/** `manifestHash`: SHA-256 of the bytes of a bundle's manifest, which names every file of it. */
export function bundleStatement(manifestHash: string): string {
  return `floorwatch.bundle.1:${manifestHash}`;
}

/** What a device states when it takes a key into the record. */
export function enrolmentStatement(about: { keyId: string; publicKey: string; device: string; personId: string | null }): string {
  const { keyId, publicKey, device, personId } = about;
  return `floorwatch.enrolment.1:${canonicalJson({ keyId, publicKey, device, personId })}`;
}

/** Whether `signature` (hex) over the UTF-8 text is the public key's (raw 32 bytes, hex); handed in, since this file runs anywhere. Never throws. */
export type VerifySignature = (publicKey: string, text: string, signature: string) => boolean;
