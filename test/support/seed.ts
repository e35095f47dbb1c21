import fc from 'fast-check';

// The same cases in every run, so that a change is judged by what it changed; another seed by
// FAST_CHECK_SEED explores further.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 1) });
