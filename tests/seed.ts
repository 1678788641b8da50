/** Property tests ask the same questions in every run: a failure on one machine is a failure on all. `FLOORWATCH_TEST_SEED` asks others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.FLOORWATCH_TEST_SEED ?? 20_240_501) });
