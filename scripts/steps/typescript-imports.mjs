/** Lets Node 24 run the TypeScript of src-main, src-shared and tests as it is: finds `./x` as `./x.ts`, and JSON without an attribute, as the bundler does. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const isRelative = specifier.startsWith('./') || specifier.startsWith('../');
    if (specifier.endsWith('.json')) return { ...next(specifier, context), importAttributes: { type: 'json' } };
    if (!isRelative || !context.parentURL?.endsWith('.ts') || /\.[cm]?[jt]s$/.test(specifier)) return next(specifier, context);
    return next(`${specifier}.ts`, context);
  },
});
