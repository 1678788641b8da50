/**
 * Verifies evidence that a Floorwatch desk wrote: every file against the manifest, every entry against its hashes, its place in the record and its
 * signature, and the record against checkpoints and fingerprints. One file, Node 18 or newer, no network. Ends with 0 when all holds, 4 when not.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const faults = [];
const said = [];
const fault = (text) => faults.push(text);

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const read = (name) => readFileSync(join(folder, name));
const linesOf = (name) => read(name).toString('utf8').split('\n').filter((line) => line !== '');

/** Canonical JSON (RFC 8785) of what is in these files: strings, finite numbers, booleans, null, arrays, objects. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys.sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

const HASHED = ['actor', 'device', 'deviceSeq', 'hlc', 'mode', 'opId', 'payloadHash', 'prevHash', 'session', 'subject', 'type', 'versionVector', 'wallTime'];
const hashOfEntry = (entry) => sha256(canonical(Object.fromEntries(HASHED.map((name) => [name, entry[name]]))));

function isSigned(publicKey, text, signature) {
  try {
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(publicKey, 'hex')]);
    return verify(null, Buffer.from(text, 'utf8'), createPublicKey({ key: der, format: 'der', type: 'spki' }), Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
}

// ---- RFC 6962 ----------------------------------------------------------------------------------------------------------
const leafOf = (hash) => sha256(Buffer.concat([Buffer.from([0]), Buffer.from(hash, 'hex')]));
const nodeOf = (left, right) => sha256(Buffer.concat([Buffer.from([1]), Buffer.from(left, 'hex'), Buffer.from(right, 'hex')]));

class Tree {
  parts = [];
  size = 0;
  add(hash) {
    let carried = leafOf(hash);
    let level = 0;
    for (; this.parts[level]; level += 1) {
      carried = nodeOf(this.parts[level], carried);
      this.parts[level] = null;
    }
    this.parts[level] = carried;
    this.size += 1;
  }
  root() {
    let root = null;
    for (const part of this.parts) if (part) root = root === null ? part : nodeOf(part, root);
    return root ?? sha256('');
  }
}

// ---- what was asked for ------------------------------------------------------------------------------------------------
const fingerprints = [];
const witnesses = [];
for (let index = 2; index < process.argv.length; index += 2) {
  const value = process.argv[index + 1] ?? '';
  if (process.argv[index] === '--fingerprint') fingerprints.push(value.toLowerCase());
  else if (process.argv[index] === '--witness') witnesses.push(value);
  else {
    console.error('usage: node verify.mjs [--fingerprint ENTRIES:HEX]... [--witness checkpoints.log]...');
    process.exit(2);
  }
}

// ---- files -------------------------------------------------------------------------------------------------------------
const manifestBytes = read('manifest.json');
const manifest = JSON.parse(manifestBytes.toString('utf8'));
const signatures = JSON.parse(read('signatures.json').toString('utf8'));
for (const [name, hash] of Object.entries(manifest.files)) {
  if (!existsSync(join(folder, name))) fault(`${name} is missing`);
  else if (sha256(read(name)) !== hash) fault(`${name} is not what the manifest says`);
}
for (const name of readdirSync(folder))
  if (!Object.hasOwn(manifest.files, name) && name !== 'manifest.json' && name !== 'signatures.json') said.push(`${name} does not belong to the evidence`);

// ---- entries, keys -----------------------------------------------------------------------------------------------------
const rows = linesOf('entries.jsonl').map((line) => JSON.parse(line));
const keys = new Map();
const deviceKeys = new Map();
const marks = { valid: 0, disputed: 0, unsigned: 0 };
const places = new Map();
let chosen = 0;
for (const { entry, opened, chosen: isChosen } of rows) {
  const name = `entry ${entry.sequence}`;
  if (isChosen) chosen += 1;
  if (sha256(entry.payload) !== entry.payloadHash) fault(`${name}: its payload is not what was hashed`);
  if (hashOfEntry(entry) !== entry.entryHash) fault(`${name}: it is not what was hashed`);
  if (opened !== null && !entry.payload.startsWith('{"box":"')) fault(`${name}: it was not sealed, and is said to read otherwise`);
  if (!places.has(entry.device)) places.set(entry.device, new Map());
  places.get(entry.device).set(entry.deviceSeq, entry.entryHash);
  if (typeof entry.signature === 'string') judge(entry, name);
  else marks.unsigned += 1;
  if (entry.type === 'key.enrolled') enrol(entry);
  if (entry.type === 'key.revoked') {
    const key = keys.get(JSON.parse(entry.payload).keyId);
    if (key) key.revokedAt ??= entry.sequence;
  }
}

function enrol(entry) {
  const { keyId, publicKey, personId, device, possession, countersigned } = JSON.parse(entry.payload);
  const statement = `floorwatch.enrolment.1:${canonical({ keyId, publicKey, device, personId })}`;
  if (keys.has(keyId) || device !== entry.device || sha256(publicKey).slice(0, 32) !== keyId || !isSigned(publicKey, statement, possession)) return;
  const own = deviceKeys.get(device);
  if (own === undefined ? personId !== null : countersigned?.keyId !== own.keyId || !isSigned(own.publicKey, statement, countersigned.signature)) return;
  const key = { keyId, publicKey, personId, device, revokedAt: null };
  keys.set(keyId, key);
  if (own === undefined) deviceKeys.set(device, key);
}

function judge(entry, name) {
  const parts = /^ed25519:([0-9a-f]{32}):([0-9a-f]{128})$/.exec(entry.signature);
  const key = parts === null ? undefined : keys.get(parts[1]);
  if (key === undefined) fault(`${name}: signed by no key that the record publishes`);
  else if (key.personId !== entry.actor || !isSigned(key.publicKey, `floorwatch.entry.1:${entry.entryHash}`, parts[2])) fault(`${name}: its signature is not ${entry.actor}'s`);
  else marks[key.revokedAt === null ? 'valid' : 'disputed'] += 1;
}

if (chosen !== manifest.entryCount) fault(`there are ${chosen} chosen entries, and the manifest says ${manifest.entryCount}`);

// ---- the record --------------------------------------------------------------------------------------------------------
const checkpoints = linesOf('checkpoints.jsonl').map((line) => JSON.parse(line));
const outside = witnesses.flatMap((path) => readFileSync(path, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line)));
const printed = fingerprints.map((text) => ({ size: Number(text.split(':')[0]), prefix: text.split(':')[1] ?? '' }));
let vouched = 0;
const devices = Object.keys(manifest.files).filter((name) => /^hashes-\d+\.txt$/.test(name));
const seen = new Set();
for (const name of devices) {
  const [device, ...hashes] = linesOf(name);
  seen.add(device);
  const tree = new Tree();
  const own = checkpoints.filter((each) => each.device === device);
  const others = outside.filter((each) => each.device === device);
  const wanted = places.get(device) ?? new Map();
  let found = 0;
  hashes.forEach((hash, index) => {
    tree.add(hash);
    const size = index + 1;
    if (wanted.has(size)) {
      found += 1;
      if (wanted.get(size) !== hash) fault(`device ${device}, entry ${size}: another entry stands there in the record`);
    }
    for (const { list, kind } of [{ list: own, kind: 'checkpoint' }, { list: others, kind: 'witness' }])
      for (const stated of list)
        if (stated.size === size) {
          if (stated.root !== tree.root() || stated.head !== hash) fault(`FORKED: the ${kind} of ${size} entries of ${stated.time} says otherwise`);
          else if (kind === 'witness') vouched = Math.max(vouched, size);
        }
    // A printed fingerprint counts the file's entries; with one device, which is the rule, that is the same count.
    if (device === manifest.device)
      for (const each of printed)
        if (each.size === size) {
          if (each.prefix.length >= 12 && tree.root().startsWith(each.prefix)) vouched = Math.max(vouched, size);
          else fault(`FORKED: fingerprint ${each.size}:${each.prefix} says otherwise (here ${tree.root().slice(0, 12)})`);
        }
  });
  if (found !== wanted.size) fault(`device ${device}: ${wanted.size - found} entries have no place in the record`);
  for (const stated of others) if (stated.size > hashes.length) said.push(`a witness has ${stated.size} entries of ${device}; this evidence was taken at ${hashes.length}`);
  if (device === manifest.device && (tree.root() !== manifest.root || tree.size !== manifest.size)) fault('the record does not have the root that the manifest says');
}
for (const device of places.keys()) if (!seen.has(device)) fault(`device ${device}: its record is not here`);
for (const stated of checkpoints) {
  const { device, size, root, head, time, sum, signature } = stated;
  if (sha256(canonical({ device, size, root, head, time })) !== sum) fault(`the checkpoint of ${size} entries is damaged`);
  const parts = /^ed25519:([0-9a-f]{32}):([0-9a-f]{128})$/.exec(signature ?? '');
  const key = parts === null ? undefined : keys.get(parts[1]);
  if (parts !== null && (key === undefined || key.personId !== null || !isSigned(key.publicKey, `floorwatch.checkpoint.1:${sum}`, parts[2])))
    fault(`the checkpoint of ${size} entries is not signed by its device`);
}

// ---- who answers for it ------------------------------------------------------------------------------------------------
const statement = `floorwatch.bundle.1:${sha256(manifestBytes)}`;
const deviceKey = keys.get(signatures.device.keyId);
if (deviceKey === undefined || deviceKey.personId !== null || !isSigned(deviceKey.publicKey, statement, signatures.device.signature)) fault('the manifest is not signed by the desk');
if (signatures.person !== null) {
  const key = keys.get(signatures.person.keyId);
  if (key === undefined || key.personId !== signatures.person.personId || !isSigned(key.publicKey, statement, signatures.person.signature))
    fault(`the manifest is not signed by ${signatures.person.personId}`);
}

console.log(`taken ${manifest.madeAt} by ${manifest.by}: ${manifest.reason}`);
console.log(`${chosen} entries of ${manifest.size}; signatures: ${marks.valid} valid, ${marks.disputed} disputed; ${manifest.destroyedPayloads} payloads destroyed`);
console.log(`root ${manifest.root}, fingerprint ${manifest.fingerprint}`);
for (const text of said) console.log(`note: ${text}`);
for (const text of faults.slice(0, 50)) console.log(`FAULT: ${text}`);
if (faults.length > 0) console.log(`BROKEN: ${faults.length} faults`);
else if (vouched > 0) console.log(`OK: everything holds, and what you brought vouches for the first ${vouched} entries`);
else console.log('OK, UNANCHORED: everything holds in itself; compare the fingerprint with one that was printed, or name a witness');
process.exitCode = faults.length > 0 ? 4 : 0;
