/** All pairs of rule settings, each up to its alert or its refusal. `npm run prove rule-pairs [seed]`. */
import process from 'node:process';
import { endTrials, isSilence, pairTrials, tryOut } from '#tests/helpers/rule-pairs';

const seed = Number(process.argv[2] ?? 1);
const { any, inForce, impossible } = pairTrials(seed);
const answers: Record<string, number> = {};
const faults: unknown[] = [];
for (const [no, settings] of [...any, ...inForce].entries()) {
  const mustSpeak = no >= any.length;
  const { answer, why } = await tryOut(settings, no);
  const name = `${mustSpeak ? 'in force' : 'any'}: ${answer}`;
  answers[name] = (answers[name] ?? 0) + 1;
  if (isSilence(answer) || (mustSpeak && (answer === 'refused' || answer === 'notInForce'))) faults.push({ answer, why, settings });
}
endTrials();
process.stdout.write(
  `${JSON.stringify({ seed, any: any.length, inForce: inForce.length, pairsNoRuleCanHave: impossible.length, answers, faults }, null, 1)}\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
