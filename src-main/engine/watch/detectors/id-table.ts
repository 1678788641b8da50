/** Things found by their id, millions of which come and go in a day: a table that forgets without looking for what it forgets, and leaves no garbage. */

const NONE = -1;
const FIRST_CAPACITY = 1024;

/** Of the id's characters (FNV-1a), so that a fresh piece of a message costs no call out of the code that runs. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  // Ids that differ in their last digit alone must not lie side by side.
  return (hash ^ (hash >>> 15)) | 0;
}

/**
 * A thing keeps its slot, a small number, until it is removed; a removed slot is used again. A map would hash, chain and compare the forgotten id
 * once more for each new one, and be copied every few thousand of them.
 */
export class IdTable<Thing> {
  #heads = new Int32Array(FIRST_CAPACITY).fill(NONE);
  #next = new Int32Array(FIRST_CAPACITY);
  #hashes = new Int32Array(FIRST_CAPACITY);
  readonly #ids: (string | undefined)[] = [];
  readonly #things: (Thing | undefined)[] = [];
  #free = NONE;

  /** Its slot, or -1. */
  find(id: string): number {
    const hash = hashOf(id);
    for (let slot = this.#heads[hash & (this.#heads.length - 1)] ?? NONE; slot !== NONE; slot = this.#next[slot] ?? NONE) {
      if (this.#hashes[slot] === hash && this.#ids[slot] === id) return slot;
    }
    return NONE;
  }

  get(id: string): Thing | undefined {
    const slot = this.find(id);
    return slot === NONE ? undefined : this.#things[slot];
  }

  at(slot: number): Thing | undefined {
    return this.#things[slot];
  }

  /** All it holds, in no order that means anything. */
  *things(): Generator<Thing, void, undefined> {
    for (const thing of this.#things) if (thing !== undefined) yield thing;
  }

  /** Takes in what it does not hold yet; answers the slot. */
  add(id: string, thing: Thing): number {
    let slot = this.#free;
    if (slot === NONE) {
      slot = this.#ids.length;
      if (slot === this.#heads.length) this.#grow();
      this.#ids.push(id);
      this.#things.push(thing);
    } else {
      this.#free = this.#next[slot] ?? NONE;
      this.#ids[slot] = id;
      this.#things[slot] = thing;
    }
    const hash = hashOf(id);
    this.#hashes[slot] = hash;
    this.#link(slot, hash);
    return slot;
  }

  /** Answers what was there, so that it may be used again. */
  remove(slot: number): Thing | undefined {
    const thing = this.#things[slot];
    const head = (this.#hashes[slot] ?? 0) & (this.#heads.length - 1);
    const after = this.#next[slot] ?? NONE;
    if (this.#heads[head] === slot) this.#heads[head] = after;
    else {
      let before = this.#heads[head] ?? NONE;
      while (before !== NONE && this.#next[before] !== slot) before = this.#next[before] ?? NONE;
      this.#next[before] = after;
    }
    this.#ids[slot] = undefined;
    this.#things[slot] = undefined;
    this.#next[slot] = this.#free;
    this.#free = slot;
    return thing;
  }

  #link(slot: number, hash: number): void {
    const head = hash & (this.#heads.length - 1);
    this.#next[slot] = this.#heads[head] ?? NONE;
    this.#heads[head] = slot;
  }

  #grow(): void {
    const capacity = this.#heads.length * 2;
    const next = new Int32Array(capacity);
    const hashes = new Int32Array(capacity);
    hashes.set(this.#hashes);
    this.#heads = new Int32Array(capacity).fill(NONE);
    this.#next = next;
    this.#hashes = hashes;
    // Full when it grows, so that every slot is in use.
    for (let slot = 0; slot < this.#ids.length; slot += 1) this.#link(slot, hashes[slot] ?? 0);
  }
}
