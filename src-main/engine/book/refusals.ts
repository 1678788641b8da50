/** What the desk refused to believe: the thing it was about is unknown, with the field as reason, until the source says it again and right. */
import type { RefusedItem } from '#shared/feed/refused';
import { type Reason, reasonFor } from '#shared/market/reason';

export type Refusal = { feedId: string; item: RefusedItem; reason: Reason };

type RefusalCode = 'quoteRefused' | 'accountRefused' | 'positionRefused' | 'referenceRefused' | 'groupRefused';

/** `subject` names the thing where the page does not show it anyway. */
export function refusalOf(feedId: string, item: RefusedItem, code: RefusalCode, subject: string): Refusal {
  return { feedId, item, reason: reasonFor(code, [subject, item.field].filter((part) => part !== '').join(' ')) };
}
