/**
 * A paper as a Word document (ECMA-376, WordprocessingML): the few parts that paper needs, written by hand and packed by fflate. The same paper gives the same
 * bytes, and nothing in it can run, link or load: every text goes through one escape (docs/decisions/paper-files.md).
 */
import { strToU8 } from 'fflate';
import {
  CONTENT_TYPES,
  corePart,
  footerPart,
  headerPart,
  PACKAGE_RELATIONS,
  PART_RELATIONS,
  SETTINGS,
  stylesPart,
} from '#engine/reports/paper/docx-parts';
import { boxMark, type Keeping, paragraphXml, type Run, run, table, W } from '#engine/reports/paper/docx-xml';
import { zipInParts } from '#engine/store/zip-in-parts';
import type { PaperBlock, PaperDocument } from '#shared/desk/paper/document';

/** A4 with margins of 15 to 20 mm, in twentieths of a point. */
const PAGE =
  '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="964" w:bottom="1134" w:left="964" w:header="567" w:footer="567" w:gutter="0"/>';

/** Room to write by hand, in twentieths of a point. */
const BLANK_HEIGHT = 400;
const SIGNATURE_HEIGHT = 680;

/** What a zip can say at the earliest; a paper's own time is in its properties and in its text. */
const ZIP_TIME = new Date(1980, 0, 1);

export async function paperDocx(document: PaperDocument): Promise<Uint8Array> {
  const { title, banner, footer, language, printedAtMs } = document;
  const head = [
    ...(banner === null ? [] : [paragraphXml([run(banner)], { style: 'Banner' })]),
    paragraphXml([run(title)], { style: 'Title' }),
    ...document.blocks.map((block) => blockXml(block, document, 'free')),
  ].join('');
  const body = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document ${W}><w:body>${head}<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>${PAGE}</w:sectPr></w:body></w:document>`;
  const parts: Record<string, string> = {
    '[Content_Types].xml': CONTENT_TYPES,
    '_rels/.rels': PACKAGE_RELATIONS,
    'docProps/core.xml': corePart(title, language, printedAtMs),
    'word/document.xml': body,
    'word/_rels/document.xml.rels': PART_RELATIONS,
    'word/styles.xml': stylesPart(language),
    'word/settings.xml': SETTINGS,
    'word/header1.xml': headerPart(title, banner),
    'word/footer1.xml': footerPart(footer),
  };
  return zipInParts(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])), ZIP_TIME);
}

function blockXml(block: PaperBlock, document: PaperDocument, keeping: Keeping): string {
  const isKept = keeping === 'next';
  const paragraphOf = (runs: readonly Run[], style?: string): string => paragraphXml(runs, { isKept, ...(style === undefined ? {} : { style }) });
  switch (block.kind) {
    case 'heading':
      return paragraphOf([run(block.text)], block.level === 1 ? 'Heading1' : 'Heading2');
    case 'paragraph':
      return paragraphOf(
        [...(block.label === null ? [] : [run(`${block.label} `, { isBold: true })]), run(block.text)],
        block.isSmall ? 'Small' : undefined,
      );
    case 'fields': {
      // A field is a line to write on: its second cell has a rule below it when it is blank.
      const rows = block.fields.map(({ label, value }) => [{ text: label }, { text: value ?? '', isBlank: value === null }]);
      return table(rows, {
        widths: [38, 62],
        hasLines: false,
        keeping,
        ...(block.fields.some(({ value }) => value === null) ? { heightTwips: BLANK_HEIGHT } : {}),
      });
    }
    case 'table':
      return plainTable(block, keeping);
    case 'boxes':
      return block.boxes.map(({ text, isTicked }) => paragraphOf([boxMark(isTicked), run(` ${text}`)])).join('');
    case 'lines':
      return `${paragraphXml([run(block.label)], { style: 'Small', isKept: true })}${paragraphXml([run('')], { style: 'Rule' }).repeat(block.count)}`;
    case 'signatures': {
      const { role, name, signedAt, signature } = document.signatureHeads;
      const rows = block.lines.map((line) => [line.role, line.name, line.signedAt, null]);
      return plainTable({ kind: 'table', columns: [role, name, signedAt, signature], widths: [20, 25, 25, 30], rows }, 'whole', SIGNATURE_HEIGHT);
    }
    case 'group':
      return block.blocks.map((each, index) => blockXml(each, document, index < block.blocks.length - 1 ? 'next' : 'whole')).join('');
  }
}

function plainTable({ columns, widths, rows }: Extract<PaperBlock, { kind: 'table' }>, keeping: Keeping, heightTwips?: number): string {
  const head = columns.map((text) => ({ text, isBold: true, isShaded: true }));
  const body = rows.map((row) => row.map((text) => ({ text: text ?? '' })));
  return table(body, { widths, hasLines: true, keeping, head, ...(heightTwips === undefined ? {} : { heightTwips }) });
}
