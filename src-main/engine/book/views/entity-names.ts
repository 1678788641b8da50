/** What people call the things that alerts are about: a telephone is picked up for a client, not for an account number. */
import type { EntityNamesPicture } from '#shared/contract/streams';
import type { ReferenceBook } from '../reference';

export function buildEntityNames(reference: ReferenceBook): EntityNamesPicture {
  const names: Record<string, string> = {};
  const add = (entity: string, name: string): void => {
    if (name !== '') names[entity] = name;
  };
  for (const { accountID, accountName } of reference.masters.values()) add(`account:${accountID}`, accountName);
  for (const { departmentID, departmentName } of reference.departments.values()) add(`department:${departmentID}`, departmentName);
  for (const { controlGroupID, controlGroupName } of reference.controlGroups.values()) add(`controlGroup:${controlGroupID}`, controlGroupName);
  return { names };
}
