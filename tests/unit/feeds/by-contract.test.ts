/** A contract is found by both its names: two exchanges may list the same one, and neither may be given the other's. */
import { expect, test } from 'vitest';
import { ByContract } from '#shared/feed/by-contract';

test('the same instrument name on several exchanges stays several things', () => {
  const things = new ByContract<{ said: string }>();
  things.set('SHFE', 'au2612', { said: 'first' });
  expect(things.get('INE', 'au2612')).toBeUndefined();
  things.set('INE', 'au2612', { said: 'second' });
  things.set('SGE', 'au2612', { said: 'third' });
  things.set('SHFE', 'au2612', { said: 'first again' });
  things.set('SGE', 'au2612', { said: 'third again' });
  expect(['SHFE', 'INE', 'SGE', 'DCE'].map((exchangeID) => things.get(exchangeID, 'au2612')?.said)).toEqual([
    'first again',
    'second',
    'third again',
    undefined,
  ]);
  expect(things.get('SHFE', 'ag2612')).toBeUndefined();
});
