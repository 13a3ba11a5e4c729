import type { Texts } from '../texts.ts';
import type { timeline as english } from './timeline.en.ts';

/** Japanese words of the timeline. */
export const timeline: Texts<typeof english> = { title: '時間表' };
