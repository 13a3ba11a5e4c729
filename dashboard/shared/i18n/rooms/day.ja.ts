import type { Texts } from '../texts.ts';
import type { day as english } from './day.en.ts';

/** Japanese words of the day under way. */
export const day: Texts<typeof english> = { title: '本日' };
