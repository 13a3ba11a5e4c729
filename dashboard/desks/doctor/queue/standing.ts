/** How a consult of the queue stands, in one word, and which one the doctor turns to. */
import type { DoctorQueue } from '@junkai/contracts';

export type Consult = DoctorQueue['consults'][number];
export type Standing = 'planned' | 'preparing' | 'now' | 'done' | 'not-done' | 'cancelled' | 'off';

const over: readonly Standing[] = ['done', 'not-done', 'cancelled', 'off'];
const MINUTE = 60_000;

/** What became of the visit goes before what is reckoned of the consult. */
export function standingOf({ state, estimate }: Pick<Consult, 'state' | 'estimate'>): Standing {
	if (state === 'cancelled' || state === 'not-done') return state;
	if (state === 'done' || estimate?.state === 'done') return 'done';
	if (estimate?.state === 'now' || estimate?.state === 'off') return estimate.state;
	return state === 'under-way' ? 'preparing' : 'planned';
}

export const isOver = (consult: Pick<Consult, 'state' | 'estimate'>): boolean => over.includes(standingOf(consult));

/** Whole minutes behind the plan; negative: ahead of it; null: not reckoned, or of no interest any more. */
export function minutesLate(consult: Pick<Consult, 'state' | 'estimate' | 'from'>): number | null {
	if (consult.estimate === null || isOver(consult)) return null;
	return Math.round((consult.estimate.eta - consult.from) / MINUTE);
}

/** The visit that is the doctor's now, or comes next: who is ready first, not who was planned first. */
export function turnOf(consults: readonly Consult[]): { visit: number; mark: 'now' | 'next' } | null {
	const left = consults.filter((consult) => !isOver(consult));
	const present = left.find((consult) => standingOf(consult) === 'now');
	if (present) return { visit: present.visit, mark: 'now' };
	const [next] = left.toSorted((a, b) => (a.estimate?.eta ?? a.from) - (b.estimate?.eta ?? b.from));
	return next ? { visit: next.visit, mark: 'next' } : null;
}
