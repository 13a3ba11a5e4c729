import type { Texts } from '../texts.ts';
import type { intake as english } from './intake.en.ts';

/** Japanese words of taking in spreadsheets, and finding places. */
export const intake: Texts<typeof english> = { title: '取り込み' };
