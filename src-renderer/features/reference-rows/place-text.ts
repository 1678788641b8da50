/** What a row is about in one word: the contract, the product or the whole exchange. */
export function placeText({
  exchangeID,
  ...place
}: {
  exchangeID: string;
  productID?: string | null | undefined;
  instrumentID?: string | null | undefined;
}): string {
  return [exchangeID, place.instrumentID ?? place.productID ?? ''].filter((part) => part !== '').join('.');
}
