/** Types of what the preload puts on `window`; it is absent when the page is opened outside the shell. */
import type { FloorwatchBridge } from '#shared/contract/preload';

declare global {
  interface Window {
    readonly floorwatch?: FloorwatchBridge;
  }
}
