/** The levels that hold until a firm sets its own: those of the bundled risk-level rule, so that screen and alerts cannot differ. */
import { LEVEL_RULE_ID, levelRowsOf } from '#shared/desk/rules/level-rows';
import { ruleSchema } from '#shared/desk/rules/rule';
import watchFile from '../../../resources/rules/watch-rules.json' with { type: 'json' };

export const BUNDLED_LEVELS = levelRowsOf(watchFile.rules.filter(({ ruleId }) => ruleId === LEVEL_RULE_ID).map((rule) => ruleSchema.parse(rule)));
