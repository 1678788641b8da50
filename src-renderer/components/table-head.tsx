/** The head of a table in one row: each column named, figures on the right, what a name means on hover; a column of buttons is named to screen readers only. */
import type { ReactNode } from 'react';

interface ColumnHead {
  text: ReactNode;
  isNumber?: boolean;
  isHidden?: boolean;
  hint?: string;
}

/** A plain text is a column of words; false leaves the column out. */
export type Heading = string | ColumnHead | false;

/** The head of a column of figures; `hint` says on hover what they are. */
export function figures(text: ReactNode, hint?: string): ColumnHead {
  return { text, isNumber: true, ...(hint === undefined ? {} : { hint }) };
}

/** The head of a column whose cells show themselves what they are (a button). */
export function unseen(text: string): ColumnHead {
  return { text, isHidden: true };
}

export function TableHead({ headings }: { headings: readonly Heading[] }): ReactNode {
  return (
    <thead>
      <tr>
        {headings.map((heading, place) => {
          if (heading === false) return null;
          const { text, isNumber, isHidden, hint }: ColumnHead = typeof heading === 'string' ? { text: heading } : heading;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place; two may bear the same name.
            <th key={place} scope="col" className={isNumber === true ? 'number' : undefined} title={hint}>
              {isHidden === true ? <span className="visually-hidden">{text}</span> : text}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
