import { describe, expect, it } from 'vitest';
import { decideSetting, feedAddressFault, type RecordedSettings } from '#shared/desk/settings/decide';
import { decideLayout } from '#shared/desk/workspace/decide';

const settings: RecordedSettings = { language: 'en', theme: 'dark', priceColours: 'redUp', person: 'li.wei', feeds: [] };
const context = { nowMs: 5, actor: 'li.wei', newId: () => '' };
const none = new Map<string, number>();

describe('changing a setting', () => {
  it('records before, after and why', () => {
    expect(decideSetting(settings, { key: 'theme', value: 'light', reason: 'sun' }, none, context)).toEqual([
      { type: 'setting.changed', subject: 'setting:theme', payload: { key: 'theme', before: 'dark', after: 'light', reason: 'sun', atMs: 5 } },
    ]);
  });

  it('records nothing when nothing changes, and refuses what does not fit', () => {
    expect(decideSetting(settings, { key: 'theme', value: 'dark', reason: null }, none, context)).toEqual([]);
    expect(decideSetting(settings, { key: 'theme', value: 'pink', reason: null }, none, context)).toMatchObject({
      ok: false,
      code: 'INVALID',
      field: 'value',
    });
  });

  it('sets the rows of a large export, and sets them back to the policy’s own', () => {
    const set = decideSetting(settings, { key: 'exportApprovalRows', value: 500, reason: 'small desk' }, none, context);
    expect(set).toMatchObject([{ payload: { key: 'exportApprovalRows', after: 500 } }]);
    const own = { ...settings, exportApprovalRows: 500 };
    const back = decideSetting(own, { key: 'exportApprovalRows', value: null, reason: 'as it ships' }, none, context);
    expect(back).toMatchObject([{ payload: { before: 500, after: null } }]);
    expect(decideSetting(settings, { key: 'exportApprovalRows', value: null, reason: null }, none, context)).toEqual([]);
  });

  it('never writes a token down', () => {
    const value = [{ feedId: 'main', url: 'wss://feed.example:8443/v1', encoding: 'json', token: 'secret' }];
    const decision = decideSetting(settings, { key: 'feeds', value, reason: null }, new Map([['main', 4]]), context);
    expect(JSON.stringify(decision)).not.toContain('secret');
    expect(decision).toMatchObject([{ payload: { after: [{ feedId: 'main', tokenSetAtMs: 4 }] } }]);
  });

  it('refuses two feeds of one name and names the field', () => {
    const feed = { feedId: 'main', url: 'wss://a.example', encoding: 'json' };
    const decision = decideSetting(settings, { key: 'feeds', value: [feed, feed], reason: null }, none, context);
    expect(decision).toMatchObject({ ok: false, code: 'INVALID', field: 'value.1.feedId' });
  });

  it.each(['wss://feed.example', 'wss://10.0.0.8:9000/path?x=1', 'ws://127.0.0.1:4000', 'ws://localhost:4000/feed', 'ws://[::1]:4000'])(
    'takes %s',
    (url) => {
      expect(feedAddressFault(url)).toBeNull();
    },
  );

  it.each([
    'ws://feed.example',
    'ws://127.0.0.1.feed.example:4000',
    'ws://localhost@feed.example',
    'http://feed.example',
    'wss://user:password@feed.example',
    'wss://',
    'feed.example',
  ])('refuses %s', (url) => {
    expect(feedAddressFault(url)).not.toBeNull();
  });
});

describe('saving a layout', () => {
  it('records a new one, not the same again, and refuses to remove what is not there', () => {
    expect(decideLayout(null, { type: 'save', name: 'a', layout: '{}' }, context)).toMatchObject([{ type: 'layout.saved' }]);
    expect(decideLayout('{}', { type: 'save', name: 'a', layout: '{}' }, context)).toEqual([]);
    expect(decideLayout(null, { type: 'remove', name: 'a' }, context)).toMatchObject({ ok: false, code: 'UNKNOWN' });
  });
});
