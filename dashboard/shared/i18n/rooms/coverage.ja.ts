import type { Texts } from '../texts.ts';
import type { coverage as english } from './coverage.en.ts';

/** Japanese words of coverage, isolation and fairness. */
export const coverage: Texts<typeof english> = { title: '医療の届く範囲' };
