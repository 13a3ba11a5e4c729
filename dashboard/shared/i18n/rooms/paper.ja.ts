import type { Texts } from '../texts.ts';
import type { paper as english } from './paper.en.ts';

/** Japanese words of sheets for printing. */
export const paper: Texts<typeof english> = { title: '帳票' };
