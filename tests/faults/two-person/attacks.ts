/** Attempts to carry out a dangerous command without the people it needs. Each is named for what it tries; none may succeed. */

import type { Attack } from '#tests/faults/two-person/attack';
import { BELIEVED } from '#tests/faults/two-person/believed';
import { BREAK_GLASS } from '#tests/faults/two-person/break-glass';
import { CARRIED } from '#tests/faults/two-person/carried';
import { CLOCKS } from '#tests/faults/two-person/clocks';
import { EDITED_LATER } from '#tests/faults/two-person/edited';
import { ENDED } from '#tests/faults/two-person/ended';
import { INTO_FILES } from '#tests/faults/two-person/into-files';
import { ONE_HUMAN } from '#tests/faults/two-person/one-human';
import { USED_AGAIN } from '#tests/faults/two-person/used-again';
import { WAYS_IN } from '#tests/faults/two-person/ways-in';

export const ATTACKS: readonly Attack[] = [
  ...ONE_HUMAN,
  ...WAYS_IN,
  ...USED_AGAIN,
  ...EDITED_LATER,
  ...ENDED,
  ...CLOCKS,
  ...INTO_FILES,
  ...BREAK_GLASS,
  ...CARRIED,
  ...BELIEVED,
];
