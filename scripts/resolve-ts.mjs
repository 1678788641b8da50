// Lets plain Node run the sources as they are: a relative import without an extension means the .ts file beside it. Used with `node --import`.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (fault) {
      if (!/^\.\.?\//.test(specifier)) throw fault;
      return next(`${specifier}.ts`, context);
    }
  },
});
