/** What the thread that reads a file answers. */
import type { IntakeRefusal, Problem } from '@junkai/contracts';
import type { Grid } from './grid.ts';

export type ReaderAnswer =
	| { readonly kind: 'grid'; readonly grid: Grid }
	| { readonly kind: 'refused'; readonly refusal: IntakeRefusal; readonly message: string }
	| { readonly kind: 'invalid'; readonly errors: NonNullable<Problem['errors']> };
