import type { Texts } from '../texts.ts';
import type { planning as english } from './planning.en.ts';

/** Japanese words of plans in the making. */
export const planning: Texts<typeof english> = { title: '計画' };
