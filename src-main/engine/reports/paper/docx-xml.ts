/** The words of WordprocessingML that a paper is written in; the only place where a text of a person becomes XML. */
import { plainText } from '#shared/desk/paper/document';

export const W =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

/** XML of one stretch of text of one look. */
export type Run = string & { readonly brand: 'run' };

export function escapeXml(text: string): string {
  return plainText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function run(text: string, { isBold = false }: { isBold?: boolean } = {}): Run {
  const lines = plainText(text)
    .split('\n')
    .map((line) => `<w:t xml:space="preserve">${escapeXml(line)}</w:t>`)
    .join('<w:br/>');
  return `<w:r>${isBold ? '<w:rPr><w:b/></w:rPr>' : ''}${lines}</w:r>` as Run;
}

/** The symbol fonts of the usual systems; a Chinese font draws the box as well. */
export function boxMark(isTicked: boolean): Run {
  return `<w:r><w:rPr><w:rFonts w:ascii="Segoe UI Symbol" w:hAnsi="Segoe UI Symbol" w:eastAsia="MS Gothic"/></w:rPr><w:t>${isTicked ? '☒' : '☐'}</w:t></w:r>` as Run;
}

export function field(instruction: 'PAGE' | 'NUMPAGES'): Run {
  return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ${instruction} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>` as Run;
}

/** `isKept`: on the page of what follows. */
export function paragraphXml(runs: readonly Run[], { style, isKept = false }: { style?: string; isKept?: boolean } = {}): string {
  const properties = `${style === undefined ? '' : `<w:pStyle w:val="${style}"/>`}${isKept ? '<w:keepNext/>' : ''}`;
  return `<w:p>${properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`}${runs.join('')}</w:p>`;
}

export type Cell = { text: string; isBold?: boolean; isBlank?: boolean; isShaded?: boolean };

/** Twentieths of a point between the margins of an A4 page. */
const TEXT_WIDTH = 9978;

/** `whole`: its rows on one page; `next`: on the page of what follows as well. */
export type Keeping = 'free' | 'whole' | 'next';
type TableLook = { widths: readonly number[]; hasLines: boolean; keeping: Keeping; head?: readonly Cell[]; heightTwips?: number };

/**
 * `widths` in percent, one for each column. Rows stay whole; the head is repeated on every page. An empty paragraph follows, without which two tables would become
 * one.
 */
export function table(rows: readonly (readonly Cell[])[], look: TableLook): string {
  const { widths, hasLines, keeping, head, heightTwips } = look;
  const sides = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'];
  const lines = sides.map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="777777"/>`).join('');
  const grid = widths.map((width) => `<w:gridCol w:w="${Math.round((width * TEXT_WIDTH) / 100)}"/>`).join('');
  const rowXml = (cells: readonly Cell[], properties: string, isKept: boolean): string => {
    const inside = cells.map((each, index) => cellXml(each, widths[index] ?? 0, isKept)).join('');
    return `<w:tr><w:trPr><w:cantSplit/>${properties}</w:trPr>${inside}</w:tr>`;
  };
  const isKeptRow = (index: number): boolean => keeping === 'next' || (keeping === 'whole' && index < rows.length - 1);
  const height = heightTwips === undefined ? '' : `<w:trHeight w:val="${heightTwips}" w:hRule="atLeast"/>`;
  const properties = `<w:tblW w:w="5000" w:type="pct"/>${hasLines ? `<w:tblBorders>${lines}</w:tblBorders>` : ''}<w:tblLayout w:type="fixed"/>`;
  const body = `${head === undefined ? '' : rowXml(head, '<w:tblHeader/>', true)}${rows.map((cells, index) => rowXml(cells, height, isKeptRow(index))).join('')}`;

  return `<w:tbl><w:tblPr>${properties}</w:tblPr><w:tblGrid>${grid}</w:tblGrid>${body}</w:tbl>${paragraphXml([], { style: 'Gap', isKept: keeping === 'next' })}`;
}

/** A blank cell has a rule below it to write on. */
function cellXml({ text, isBold = false, isBlank = false, isShaded = false }: Cell, width: number, isKept: boolean): string {
  const rule = isBlank ? '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tcBorders>' : '';
  const shade = isShaded ? '<w:shd w:val="clear" w:color="auto" w:fill="EEEEEE"/>' : '';
  const inside = paragraphXml([run(text, { isBold })], { style: 'Cell', isKept });
  return `<w:tc><w:tcPr><w:tcW w:w="${width * 50}" w:type="pct"/>${rule}${shade}</w:tcPr>${inside}</w:tc>`;
}
