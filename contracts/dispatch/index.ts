/** The dispatcher's records, plans and days. */
export * from './calendar.ts';
export * from './record.ts';
export * from './patients.ts';
export * from './visits.ts';
export * from './resources.ts';
export * from './closures.ts';
export * from './planning.ts';
export * from './day.ts';
export * from './queue.ts';
export * from './coverage.ts';
export * from './documents.ts';
export * from './intake.ts';
