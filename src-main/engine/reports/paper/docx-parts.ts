/** The parts of a Word document beside its text: types, relations (none leads outside), properties, styles, header and footer. */
import { escapeXml, field, paragraphXml, run, W } from '#engine/reports/paper/docx-xml';
import type { PaperLanguage } from '#shared/desk/paper/document';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

export const CONTENT_TYPES = `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${WORD}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${WORD}.styles+xml"/><Override PartName="/word/settings.xml" ContentType="${WORD}.settings+xml"/><Override PartName="/word/header1.xml" ContentType="${WORD}.header+xml"/><Override PartName="/word/footer1.xml" ContentType="${WORD}.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`;

export const PACKAGE_RELATIONS = `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`;

export const PART_RELATIONS = `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId2" Type="${OFFICE}/settings" Target="settings.xml"/><Relationship Id="rId3" Type="${OFFICE}/header" Target="header1.xml"/><Relationship Id="rId4" Type="${OFFICE}/footer" Target="footer1.xml"/></Relationships>`;

/** Word lays it out as its present versions do, not as the oldest one did. */
export const SETTINGS = `${HEAD}<w:settings ${W}><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`;

/** The time is that of the print, so that the same paper gives the same bytes. */
export function corePart(title: string, language: PaperLanguage, printedAtMs: number): string {
  const at = new Date(printedAtMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const time = (name: string): string => `<dcterms:${name} xsi:type="dcterms:W3CDTF">${at}</dcterms:${name}>`;
  return `${HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${escapeXml(title)}</dc:title><dc:creator>Floorwatch</dc:creator><dc:language>${language}</dc:language>${time('created')}${time('modified')}</cp:coreProperties>`;
}

type Style = { id: string; paragraph: string; text: string; isHeading?: boolean };

const space = (before: number, after: number): string => `<w:spacing w:before="${before}" w:after="${after}"/>`;
const border = (side: string, size: number): string => `<w:${side} w:val="single" w:sz="${size}" w:space="1" w:color="000000"/>`;
const STYLES: readonly Style[] = [
  { id: 'Title', paragraph: space(0, 160), text: '<w:b/><w:sz w:val="34"/>' },
  { id: 'Heading1', paragraph: `<w:keepNext/>${space(160, 80)}<w:outlineLvl w:val="0"/>`, text: '<w:b/><w:sz w:val="28"/>', isHeading: true },
  { id: 'Heading2', paragraph: `<w:keepNext/>${space(220, 80)}<w:outlineLvl w:val="1"/>`, text: '<w:b/><w:sz w:val="24"/>', isHeading: true },
  { id: 'Small', paragraph: space(0, 60), text: '<w:color w:val="333333"/><w:sz w:val="17"/>' },
  {
    id: 'Banner',
    paragraph: `<w:pBdr>${['top', 'left', 'bottom', 'right'].map((side) => border(side, 12)).join('')}</w:pBdr>${space(0, 160)}<w:jc w:val="center"/>`,
    text: '<w:b/><w:sz w:val="26"/>',
  },
  { id: 'Cell', paragraph: space(30, 30), text: '' },
  { id: 'Gap', paragraph: '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>', text: '<w:sz w:val="8"/>' },
  { id: 'Rule', paragraph: `<w:pBdr>${border('bottom', 4)}${border('between', 4)}</w:pBdr>${space(320, 0)}`, text: '' },
];

/** A Latin font and a Chinese one that Windows and Office have; where they are missing the reader's own take their place. */
export function stylesPart(language: PaperLanguage): string {
  const fonts = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri" w:eastAsia="Microsoft YaHei"/>';
  const defaults = `<w:docDefaults><w:rPrDefault><w:rPr>${fonts}<w:sz w:val="20"/><w:szCs w:val="20"/><w:lang w:val="${language}" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>${space(0, 80)}</w:pPr></w:pPrDefault></w:docDefaults>`;
  const nameOf = ({ id, isHeading }: Style): string => (isHeading === true ? id.replace('Heading', 'heading ') : id);
  const styles = STYLES.map(
    (style) =>
      `<w:style w:type="paragraph" w:styleId="${style.id}"><w:name w:val="${nameOf(style)}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>${style.paragraph}</w:pPr><w:rPr>${style.text}</w:rPr></w:style>`,
  ).join('');
  return `${HEAD}<w:styles ${W}>${defaults}<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>${styles}</w:styles>`;
}

export function headerPart(title: string, banner: string | null): string {
  const runs = [run(title), ...(banner === null ? [] : [run(` · ${banner}`, { isBold: true })])];
  return `${HEAD}<w:hdr ${W}>${paragraphXml(runs, { style: 'Small' })}</w:hdr>`;
}

export function footerPart(footer: string): string {
  return `${HEAD}<w:ftr ${W}>${paragraphXml([run(`${footer} · `), field('PAGE'), run(' / '), field('NUMPAGES')], { style: 'Small' })}</w:ftr>`;
}
