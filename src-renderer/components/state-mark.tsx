/** A state as glyph and word together; the glyphs differ in shape, so that they read without colour. */
import type { ReactNode } from 'react';
import './state-mark.css';

export type Mark = 'live' | 'stale' | 'down' | 'paused' | 'unknown';
const GLYPHS: Record<Mark, string> = { live: '●', stale: '◐', down: '✕', paused: '‖', unknown: '?' };

export function StateMark({ mark, children }: { mark: Mark; children?: ReactNode }): ReactNode {
  return (
    <span className="state-mark" data-mark={mark}>
      <span aria-hidden="true">{GLYPHS[mark]}</span> {children}
    </span>
  );
}
