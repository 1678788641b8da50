/** Evidence of the desk itself: what belongs to no run, incident or alert yet. */
import type { ReactNode } from 'react';
import type { EvidenceAbout } from '#shared/desk/evidence/evidence';
import { EvidenceBox } from './evidence-box';

const DESK: EvidenceAbout = { kind: 'desk', id: 'desk' };

export function EvidencePanel(): ReactNode {
  return (
    <div className="panel-body">
      <div className="stack panel-pad">
        <EvidenceBox about={DESK} />
      </div>
    </div>
  );
}
