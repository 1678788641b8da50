/** The list side of a master and detail page: what is to be opened, a button each, the opened one marked. */
import type { ReactNode } from 'react';
import './item-list.css';

type Props<Item> = {
  items: readonly Item[];
  idOf: (item: Item) => string;
  openId: string | null;
  onOpen: (id: string) => void;
  /** What the list is, for those who hear the page. */
  label: string;
  testId: string;
  /** What tests and styles read of an item, by the name of its `data-` attribute. */
  marksOf: (item: Item) => Record<`data-${string}`, string>;
  children: (item: Item) => ReactNode;
};

export function ItemList<Item>({ items, idOf, openId, onOpen, label, testId, marksOf, children }: Props<Item>): ReactNode {
  return (
    <ul className="item-list" aria-label={label}>
      {items.map((item) => (
        <li key={idOf(item)}>
          <button
            type="button"
            className="list-item"
            aria-current={idOf(item) === openId}
            data-testid={testId}
            {...marksOf(item)}
            onClick={() => onOpen(idOf(item))}
          >
            {children(item)}
          </button>
        </li>
      ))}
    </ul>
  );
}
