/** A paper as one HTML page that needs nothing else: no script, no image, no address. Every text is escaped; the shell prints it to PDF. */
import { type PaperBlock, type PaperDocument, type PaperField, plainText } from '#shared/desk/paper/document';

/** The page, and what stands above and below on every sheet. */
export type PaperPages = { html: string; header: string; footer: string };

/** Latin fonts first, then whichever Chinese font the machine has. */
const FONTS =
  "'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', 'Hiragino Sans GB', SimSun, 'WenQuanYi Micro Hei', sans-serif";

const STYLE = `
*{box-sizing:border-box}
body{margin:0;padding:0 1px;font:10pt/1.4 ${FONTS};font-variant-ligatures:none;color:#000;overflow-wrap:anywhere}
h1{font-size:17pt;margin:0 0 6pt}
h2{font-size:12pt;margin:12pt 0 4pt;border-bottom:1px solid #000;break-after:avoid}
section h2{border-bottom:0;margin-top:0}
p{margin:3pt 0;white-space:pre-wrap}
.small{font-size:8.5pt;color:#333}
.banner{border:2px solid #000;padding:4pt;text-align:center;font-weight:bold;font-size:12pt;margin:0 0 8pt}
section{border:1px solid #777;padding:6pt 8pt;margin:6pt 0;break-inside:avoid}
dl{display:grid;grid-template-columns:1fr 1fr;gap:3pt 14pt;margin:4pt 0}
dl div{display:flex;gap:6pt;align-items:baseline;break-inside:avoid}
dt{color:#333;flex:none;max-width:50%}
dd{margin:0;flex:1;min-width:0;white-space:pre-wrap}
.blank{border-bottom:1px solid #000;min-height:16pt}
table{border-collapse:collapse;width:100%;margin:4pt 0;table-layout:fixed}
th,td{border:1px solid #777;padding:2.5pt 4pt;text-align:left;vertical-align:top;white-space:pre-wrap}
th{background:#eee}
tr{break-inside:avoid}
.sign td{height:30pt}
.lines{break-inside:avoid}
.rule{border-bottom:1px solid #000;height:22pt}
`;

export function paperHtml(document: PaperDocument): PaperPages {
  const { language, title, banner, footer, blocks } = document;
  const body = `${banner === null ? '' : `<div class="banner">${escapeHtml(banner)}</div>`}<h1>${escapeHtml(title)}</h1>${blocks.map((block) => blockHtml(block, document)).join('\n')}`;
  const html = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;
  const margin = `font:7.5pt ${FONTS.replaceAll("'", '&#39;')};font-variant-ligatures:none;width:100%;margin:0 15mm;display:flex;justify-content:space-between;gap:8mm`;
  return {
    html,
    header: `<div lang="${language}" style="${margin}"><span>${escapeHtml(title)}</span><b>${escapeHtml(banner ?? '')}</b></div>`,
    footer: `<div lang="${language}" style="${margin}"><span>${escapeHtml(footer)}</span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>`,
  };
}

/** Also right inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return plainText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

function blockHtml(block: PaperBlock, document: PaperDocument): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'paragraph':
      return `<p${block.isSmall ? ' class="small"' : ''}>${block.label === null ? '' : `<b>${escapeHtml(block.label)}</b> `}${escapeHtml(block.text)}</p>`;
    case 'fields':
      return `<dl>${block.fields.map(fieldHtml).join('')}</dl>`;
    case 'table':
      return tableHtml(block);
    case 'boxes':
      return block.boxes.map(({ text, isTicked }) => `<p>${isTicked ? '☒' : '☐'} ${escapeHtml(text)}</p>`).join('');
    case 'lines':
      return `<div class="lines"><p class="small">${escapeHtml(block.label)}</p>${'<div class="rule"></div>'.repeat(block.count)}</div>`;
    case 'signatures': {
      const { role, name, signedAt, signature } = document.signatureHeads;
      const rows = block.lines.map((line) => [line.role, line.name, line.signedAt, null]);
      const table = tableHtml({ kind: 'table', columns: [role, name, signedAt, signature], widths: [20, 25, 25, 30], rows });
      return `<div class="sign">${table}</div>`;
    }
    case 'group':
      return `<section>${block.blocks.map((each) => blockHtml(each, document)).join('')}</section>`;
  }
}

function fieldHtml({ label, value }: PaperField): string {
  return `<div><dt>${escapeHtml(label)}</dt><dd${value === null ? ' class="blank"' : ''}>${escapeHtml(value ?? '')}</dd></div>`;
}

function tableHtml({ columns, widths, rows }: Extract<PaperBlock, { kind: 'table' }>): string {
  const cols = widths.map((width) => `<col style="width:${width}%">`).join('');
  const head = columns.map((column) => `<th>${escapeHtml(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell ?? '')}</td>`).join('')}</tr>`).join('');
  return `<table><colgroup>${cols}</colgroup><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}
