import type { Alert } from '@junkai/contracts';
import { expect, test } from 'vitest';
import { inHand, past, waiting } from './alerts.ts';

const alert = (id: string, more: Partial<Alert>): Alert => ({
	id,
	kind: 'stop-late',
	urgency: 'medium',
	vehicle: 'van-1',
	visit: null,
	doctor: null,
	since: 1000,
	over: null,
	at: null,
	minutes: null,
	detail: null,
	acknowledged: null,
	...more,
});
const seen = { by: 'dispatcher', at: 2000, note: '' };
const all = [
	alert('later', { at: 9000 }),
	alert('sooner', { at: 5000 }),
	alert('low', { urgency: 'low' }),
	alert('high', { urgency: 'high', at: 99_000 }),
	alert('taken', { urgency: 'high', acknowledged: seen }),
	alert('gone', { urgency: 'high', over: 3000 }),
	alert('taken and gone', { acknowledged: seen, over: 4000 }),
];
const ids = (list: readonly Alert[]) => list.map(({ id }) => id);

test('what waits stands by urgency, then by the moment that it is about', () => {
	expect(ids(waiting(all))).toEqual(['high', 'sooner', 'later', 'low']);
});

test('every alert is somewhere: waiting, taken on, or over', () => {
	expect(ids(inHand(all))).toEqual(['taken']);
	expect(ids(past(all))).toEqual(['taken and gone', 'gone']);
	expect([...waiting(all), ...inHand(all), ...past(all)]).toHaveLength(all.length);
});
