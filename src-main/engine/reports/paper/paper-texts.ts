/**
 * The words of the paper in both languages: the page's own language files, read at build time, so that a state is called the same on the screen and on paper. Works
 * without a page, because the command line prints too.
 */

import type { PaperLanguage, PaperWords } from '#shared/desk/paper/document';
import enAlerts from '../../../../src-renderer/i18n/en/alerts.json' with { type: 'json' };
import enApp from '../../../../src-renderer/i18n/en/app.json' with { type: 'json' };
import enApprovals from '../../../../src-renderer/i18n/en/approvals.json' with { type: 'json' };
import enDrills from '../../../../src-renderer/i18n/en/drills.json' with { type: 'json' };
import enEntries from '../../../../src-renderer/i18n/en/entries.json' with { type: 'json' };
import enHandovers from '../../../../src-renderer/i18n/en/handovers.json' with { type: 'json' };
import enIncidents from '../../../../src-renderer/i18n/en/incidents.json' with { type: 'json' };
import enNotices from '../../../../src-renderer/i18n/en/notices.json' with { type: 'json' };
import enPaper from '../../../../src-renderer/i18n/en/paper.json' with { type: 'json' };
import enPlans from '../../../../src-renderer/i18n/en/plans.json' with { type: 'json' };
import enStatus from '../../../../src-renderer/i18n/en/status.json' with { type: 'json' };
import enWorklists from '../../../../src-renderer/i18n/en/worklists.json' with { type: 'json' };
import zhAlerts from '../../../../src-renderer/i18n/zh-CN/alerts.json' with { type: 'json' };
import zhApp from '../../../../src-renderer/i18n/zh-CN/app.json' with { type: 'json' };
import zhApprovals from '../../../../src-renderer/i18n/zh-CN/approvals.json' with { type: 'json' };
import zhDrills from '../../../../src-renderer/i18n/zh-CN/drills.json' with { type: 'json' };
import zhEntries from '../../../../src-renderer/i18n/zh-CN/entries.json' with { type: 'json' };
import zhHandovers from '../../../../src-renderer/i18n/zh-CN/handovers.json' with { type: 'json' };
import zhIncidents from '../../../../src-renderer/i18n/zh-CN/incidents.json' with { type: 'json' };
import zhNotices from '../../../../src-renderer/i18n/zh-CN/notices.json' with { type: 'json' };
import zhPaper from '../../../../src-renderer/i18n/zh-CN/paper.json' with { type: 'json' };
import zhPlans from '../../../../src-renderer/i18n/zh-CN/plans.json' with { type: 'json' };
import zhStatus from '../../../../src-renderer/i18n/zh-CN/status.json' with { type: 'json' };
import zhWorklists from '../../../../src-renderer/i18n/zh-CN/worklists.json' with { type: 'json' };

type Texts = { [key: string]: string | Texts };

const TEXTS: Record<PaperLanguage, Texts> = {
  en: {
    alerts: enAlerts,
    app: enApp,
    approvals: enApprovals,
    drills: enDrills,
    entries: enEntries,
    handovers: enHandovers,
    incidents: enIncidents,
    notices: enNotices,
    paper: enPaper,
    plans: enPlans,
    status: enStatus,
    worklists: enWorklists,
  },
  'zh-CN': {
    alerts: zhAlerts,
    app: zhApp,
    approvals: zhApprovals,
    drills: zhDrills,
    entries: zhEntries,
    handovers: zhHandovers,
    incidents: zhIncidents,
    notices: zhNotices,
    paper: zhPaper,
    plans: zhPlans,
    status: zhStatus,
    worklists: zhWorklists,
  },
};

export type PaperWordsParts = Pick<PaperWords, 'language' | 'person' | 'entityName'> & { timeZone: string };

/** `timeZone` is an IANA name; one that this machine does not know is replaced by UTC, which the paper then names. */
export function paperWords({ language, timeZone, person, entityName }: PaperWordsParts): PaperWords {
  const zone = isKnownZone(timeZone) ? timeZone : 'UTC';
  const dateTime = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    year: 'numeric',
    // A month in figures would be read as a day by half of those who read English.
    month: language === 'en' ? 'short' : '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  return {
    language,
    word: (key, params) => textOf(TEXTS[language], key, params ?? {}),
    time: (atMs) => dateTime.format(atMs),
    zone,
    person: (personId) => {
      const part = textOf(TEXTS[language], `app:part.${personId}`, {});
      return part.startsWith('app:') ? person(personId) : part;
    },
    entityName,
    number: (value) => plain.format(value),
    inZone: (other) => paperWords({ language, timeZone: other, person, entityName }),
  };
}

function isKnownZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function textOf(texts: Texts, key: string, params: Readonly<Record<string, string | number>>): string {
  const [namespace, path] = key.includes(':') ? [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)] : ['paper', key];
  let found: string | Texts | undefined = texts[namespace];
  for (const part of path.split('.')) found = typeof found === 'object' && Object.hasOwn(found, part) ? found[part] : undefined;
  return typeof found === 'string' ? found.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => String(params[name] ?? whole)) : key;
}
