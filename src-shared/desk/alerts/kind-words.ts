/** The name of a kind of alert without the step that was reached: what its text left around the step goes with it. */
export function withoutStep(text: string): string {
  return text.replace(/（）|\(\)/, '').replace(/[\s:：]+$/, '');
}
