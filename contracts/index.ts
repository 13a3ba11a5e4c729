/** What crosses a wire in Junkai, and nothing else. Runs in Node and in the browser. */
export * from './codes.ts';
export * from './topics.ts';
export * from './records.ts';
export * from './uplink.ts';
export * from './waveform-frame.ts';
export * from './operation.ts';
export * from './rest.ts';
export * from './live.ts';
export * from './optimize.ts';
export * from './optimize-jobs.ts';
export * from './plan.ts';
export * from './dispatch/index.ts';
