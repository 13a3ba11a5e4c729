import type { Alert, DayBoard, VehicleEstimate } from '@junkai/contracts';
import { beforeEach, expect, test, vi } from 'vitest';
import { DayStore } from './day-store.ts';

const alert = (id: string, by: string | null): Alert => ({
	id,
	kind: 'vehicle-silent',
	urgency: 'high',
	vehicle: 'van-1',
	visit: null,
	doctor: null,
	since: 1,
	over: null,
	at: null,
	minutes: null,
	detail: null,
	acknowledged: by === null ? null : { by, at: 2, note: '' },
});
const estimate = (computed: number): VehicleEstimate => ({
	vehicle: 'van-1',
	computed,
	basis: 'plan',
	age: 0,
	offRoute: false,
	stops: [],
	consults: [],
});
const place = { location: [135, 34] as [number, number], name: { ja: '', en: '' }, municipality: null };
const stop = { kind: 'visits' as const, ...place, arrival: 1, departure: 2, visits: [], meetingPoint: false, way: null };
const board = (more: Partial<DayBoard> = {}): DayBoard => ({
	date: '2026-11-24',
	now: 1,
	clock: { startedWall: 0, startedService: 0, speed: 1, simulated: false },
	plan: {
		id: '1c4cbd3c-6a4c-4d3e-9a53-3a8c17c0f2b1',
		revision: 1,
		published: 1,
		from: 1,
		to: 2,
		doctors: [],
		routes: [{ vehicle: 'van-1', distance: 0, stops: [stop, stop], next: 0, reached: false }],
		unassigned: [],
	},
	publication: null,
	estimates: [estimate(10)],
	alerts: [alert('a', null)],
	visits: [{ visit: 1, state: 'planned' }],
	...more,
});

let store: DayStore;
beforeEach(() => {
	store = new DayStore();
	store.loaded(store.beginLoad(), board());
});
const settled = async () => await vi.waitFor(() => expect(changed).toBeGreaterThan(0));
let changed = 0;
const watch = () => {
	changed = 0;
	store.subscribe(() => changed++);
};

test('what came live while the day was fetched is not undone by the older answer', () => {
	const turn = store.beginLoad();
	store.take({ type: 'alert', alert: alert('a', 'dispatcher') });
	store.take({ type: 'estimate', estimate: estimate(20) });
	store.take({ type: 'progress', progress: { vehicle: 'van-1', next: 1, reached: true } });
	store.visitIs(1, 'done');
	store.loaded(turn, board());
	const { alerts, estimates, plan, visits } = store.snapshot();
	expect(alerts[0]?.acknowledged?.by).toBe('dispatcher');
	expect(estimates.get('van-1')?.computed).toBe(20);
	expect(plan?.routes[0]).toMatchObject({ next: 1, reached: true });
	expect(visits.get(1)).toBe('done');
});

test('an answer that was overtaken by a newer question says nothing', () => {
	const old = store.beginLoad();
	const turn = store.beginLoad();
	store.loaded(turn, board({ date: '2026-11-25' }));
	store.loaded(old, board({ date: '2026-11-24' }));
	store.failed(old);
	expect(store.snapshot()).toMatchObject({ phase: 'ready', date: '2026-11-25' });
});

test('a failure keeps what was known, and is told when nothing was', () => {
	store.failed(store.beginLoad());
	expect(store.snapshot()).toMatchObject({ phase: 'ready', plan: { revision: 1 } });
	const empty = new DayStore();
	empty.failed(empty.beginLoad());
	expect(empty.snapshot().phase).toBe('failed');
});

test('many messages are told once; progress past the end of a route is not believed', async () => {
	watch();
	store.take({ type: 'alert', alert: alert('b', null) });
	store.take({ type: 'alert', alert: alert('c', null) });
	store.take({ type: 'progress', progress: { vehicle: 'van-1', next: 7, reached: true } });
	await settled();
	expect(changed).toBe(1);
	expect(store.snapshot().alerts.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
	expect(store.snapshot().plan?.routes[0]?.next).toBe(0);
});

test('a publication of another day, or an older one, is not that of today', () => {
	const publication = {
		revision: 2,
		published: 1,
		by: 'd',
		note: '',
		board: null,
		mend: false,
		days: ['2026-11-24'],
		receipts: [],
	};
	store.take({ type: 'publication', publication });
	store.take({ type: 'publication', publication: { ...publication, revision: 3, days: ['2026-11-25'] } });
	store.take({ type: 'publication', publication: { ...publication, revision: 1 } });
	expect(store.snapshot().publication?.revision).toBe(2);
});
