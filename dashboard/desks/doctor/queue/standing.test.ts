import { expect, test } from 'vitest';
import { minutesLate, standingOf, turnOf, type Consult } from './standing.ts';

const at = (minute: number) => Date.parse('2026-11-24T09:00:00+09:00') + minute * 60_000;
const estimateOf = (minute: number, state: NonNullable<Consult['estimate']>['state'] = 'later'): Consult['estimate'] => ({
	eta: at(minute),
	low: at(minute - 2),
	high: at(minute + 2),
	doctorWait: 0,
	patientWait: 0,
	state,
});
const consultOf = (visit: number, planned: number, change: Partial<Consult> = {}): Consult => ({
	visit,
	patient: null,
	need: 'follow-up',
	vehicle: { id: 'van-1', name: '1号車' },
	place: { ja: '温川', en: 'Nurukawa' },
	municipality: null,
	from: at(planned),
	to: at(planned + 10),
	estimate: estimateOf(planned),
	state: 'planned',
	...change,
});

test('what became of the visit goes before what is reckoned', () => {
	expect(standingOf({ state: 'cancelled', estimate: estimateOf(0, 'off') })).toBe('cancelled');
	expect(standingOf({ state: 'not-done', estimate: estimateOf(0, 'off') })).toBe('not-done');
	expect(standingOf({ state: 'done', estimate: estimateOf(0, 'later') })).toBe('done');
	expect(standingOf({ state: 'planned', estimate: estimateOf(0, 'off') })).toBe('off');
	expect(standingOf({ state: 'under-way', estimate: estimateOf(0, 'later') })).toBe('preparing');
	expect(standingOf({ state: 'under-way', estimate: estimateOf(0, 'now') })).toBe('now');
	expect(standingOf({ state: 'open', estimate: null })).toBe('planned');
});

test('the one that is under way is the doctor’s; else who is ready first, even if planned later', () => {
	const late = consultOf(1, 0, { estimate: estimateOf(40) });
	expect(turnOf([late, consultOf(2, 20)])).toEqual({ visit: 2, mark: 'next' });
	const under = consultOf(3, 30, { state: 'under-way', estimate: estimateOf(30, 'now') });
	expect(turnOf([late, consultOf(2, 20), under])).toEqual({ visit: 3, mark: 'now' });
	expect(turnOf([consultOf(1, 0, { state: 'done' }), consultOf(2, 20, { state: 'cancelled' })])).toBeNull();
	expect(turnOf([consultOf(1, 30, { estimate: null }), consultOf(2, 20, { estimate: null })])).toEqual({ visit: 2, mark: 'next' });
});

test('minutes are told of what is still to come, and only where something was reckoned', () => {
	expect(minutesLate(consultOf(1, 0, { estimate: estimateOf(6.4) }))).toBe(6);
	expect(minutesLate(consultOf(1, 10, { estimate: estimateOf(8) }))).toBe(-2);
	expect(minutesLate(consultOf(1, 0, { estimate: null }))).toBeNull();
	expect(minutesLate(consultOf(1, 0, { estimate: estimateOf(6), state: 'done' }))).toBeNull();
});
