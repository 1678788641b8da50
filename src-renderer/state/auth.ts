/** Who sits at this desk and what everybody is called: one picture that every part of the page shares. */
import type { AuthPicture } from '#shared/contract/people';
import type { FunctionName } from '#shared/desk/people/functions';
import { useStream } from './use-stream';

export { usePersonName } from './person-names';

/** Null until the engine has said who sits here. */
export function useAuth(): AuthPicture | null {
  return useStream('auth', {}).picture;
}

/** Hides what would be refused; the engine decides. True while nobody knows, so that nothing blinks at the start. */
export function useMay(needed: FunctionName): boolean {
  const auth = useAuth();
  return auth === null || (auth.session?.functions.includes(needed) ?? false);
}
