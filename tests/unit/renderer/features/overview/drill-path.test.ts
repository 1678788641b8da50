/** From the firm to a lot and back by the same steps. */
import { describe, expect, it } from 'vitest';
import {
  back,
  backTo,
  chooseRows,
  columnsOf,
  drillInto,
  drillIntoColumn,
  drillIntoInstrument,
  FIRM,
  rowChoices,
  scopeOf,
  viewOf,
} from '../../../../../src-renderer/features/overview/drill-path';

const at = (key: string) => ({ key, label: key });

describe('drilling', () => {
  it('goes from firm to lot through every level and back again', () => {
    const firm = chooseRows(FIRM, 'department');
    const department = drillInto(firm, at('D01'), at('au'));
    expect(department.rows).toBe('controlGroup');
    expect(columnsOf(department.path)).toBe('instrument');
    const group = drillInto(department, at('G1'), null);
    expect(group.rows).toBe('account');
    const account = drillInto(group, at('A0001'), null);
    expect(viewOf(account.path)).toBe('positions');
    const contract = drillIntoInstrument(account, at('au2702'));
    expect(viewOf(contract.path)).toBe('lots');
    expect(scopeOf(contract.path)).toEqual({
      departmentID: 'D01',
      controlGroupID: 'G1',
      accountID: 'A0001',
      productID: 'au',
      instrumentID: 'au2702',
    });
    expect(back(contract)).toEqual(account);
    expect(back(back(back(back(contract))))).toEqual(firm);
    expect(back(firm)).toEqual(firm);
  });

  it('keeps the rows when only a product is chosen, and offers its contracts', () => {
    const product = drillIntoColumn(FIRM, at('ag'));
    expect(product.rows).toBe('account');
    expect(columnsOf(product.path)).toBe('instrument');
    expect(scopeOf(product.path)).toEqual({ productID: 'ag' });
    expect(viewOf(product.path)).toBe('heatmap');
  });

  it('goes straight to the lots from an account and a contract', () => {
    const product = drillIntoColumn(FIRM, at('ag'));
    expect(viewOf(drillInto(product, at('A0001'), at('ag2702')).path)).toBe('lots');
  });

  it('offers only rows that lie below', () => {
    expect(rowChoices([])).toEqual(['department', 'controlGroup', 'account']);
    const department = drillInto(chooseRows(FIRM, 'department'), at('D01'), null);
    expect(rowChoices(department.path)).toEqual(['controlGroup', 'account']);
    expect(chooseRows(department, 'department')).toEqual(department);
  });

  it('returns by a crumb to what that level showed', () => {
    const department = drillInto(chooseRows(FIRM, 'department'), at('D01'), null);
    const account = drillInto(chooseRows(department, 'account'), at('A0001'), null);
    expect(backTo(account, 0)).toEqual(chooseRows(FIRM, 'department'));
    expect(backTo(account, 1).rows).toBe('account');
  });
});
