import type { PlannedRoute, PlannedStop } from '@junkai/contracts';
import { coverageOf, distanceKm, loadRegion, partOfLine, type LonLat } from '@junkai/regions';
import { expect, test } from 'vitest';
import { EdgeFinder } from './edge-finder.ts';
import { vanAt } from './journey.ts';
import { plannedDays } from './planned-day.ts';
import { RoadNetwork } from './road-network.ts';

const region = loadRegion();
const coverage = coverageOf(region);
const network = new RoadNetwork(region);
const from = Date.UTC(2026, 10, 22, 23, 0, 0);
const minute = 60_000;

const at = (id: string) => region.settlements.find((one) => one.id === id)!;
const base = region.facilities.find(({ id }) => id === 'F17')!;

/** A way as a road engine gives it: one line over all roads. */
function wayOf(a: { lat: number; lon: number }, b: { lat: number; lon: number }): NonNullable<PlannedStop['way']> {
	const { drives, km, seconds } = network.path(a, b);
	const points: LonLat[] = drives.flatMap(({ road, reverse }) => (reverse ? road.line.toReversed() : road.line));
	return {
		distance: km * 1000,
		duration: seconds,
		geometry: { type: 'LineString', coordinates: points.map(([lon, lat]) => [lon, lat]) },
	};
}

const place = (one: { lat: number; lon: number; name: string }) => ({
	location: [one.lon, one.lat] as [number, number],
	name: { ja: one.name, en: one.name },
	municipality: null,
	meetingPoint: false,
});

/** From the hospital of Kushimoto to 松根, where there is no signal, to 平井 and back, with a rest on the way home. */
function routeOf(): { plan: { from: number; to: number }; route: PlannedRoute } {
	const [matsune, hirai] = [at('S30424-001'), at('S30424-003')];
	const stops: PlannedStop[] = [];
	let time = from + 10 * minute;
	const add = (
		kind: PlannedStop['kind'],
		where: Parameters<typeof place>[0],
		way: PlannedStop['way'],
		stay: number,
		visit?: number,
	) => {
		const arrival = time + (way?.duration ?? 0) * 1000;
		const visits =
			visit === undefined ? [] : [{ visit, need: 'follow-up' as const, from: arrival, to: arrival + stay, consult: null }];
		stops.push({ kind, ...place(where), arrival, departure: arrival + stay, visits, way });
		time = arrival + stay;
	};
	add('start', base, null, 0);
	add('visits', matsune, wayOf(base, matsune), 25 * minute, 1);
	add('visits', hirai, wayOf(matsune, hirai), 20 * minute, 2);
	const home = wayOf(hirai, base);
	const half = (a: number, b: number) => ({
		distance: home.distance / 2,
		duration: home.duration / 2,
		geometry: {
			type: 'LineString' as const,
			coordinates: partOfLine(home.geometry.coordinates, a, b).map(([lon, lat]): [number, number] => [lon, lat]),
		},
	});
	const [lon, lat] = half(0, 0.5).geometry.coordinates.at(-1)!;
	add('break', { lon, lat, name: '休憩' }, half(0, 0.5), 45 * minute);
	add('end', base, half(0.5, 1), 0);
	const distance = stops.reduce((sum, { way }) => sum + (way?.distance ?? 0), 0);
	return { plan: { from, to: time + 10 * minute }, route: { vehicle: 'van-1', distance, stops, next: 0, reached: true } };
}

const { plan, route } = routeOf();
const day = plannedDays(region, coverage).dayOf(plan, route, { seed: 7, speedUp: 1 });

test('the van is at each stop when the plan says, and with each patient while the visit lasts', () => {
	for (const stop of route.stops.filter(({ arrival, departure }) => departure > arrival)) {
		const middle = (stop.arrival + stop.departure) / 2;
		const van = vanAt(day, middle);
		expect(van.stop).toBe(stop.name.ja);
		// The hospital lies beside the road on which the van stands.
		expect(distanceKm([van.lon, van.lat], stop.location)).toBeLessThan(stop.kind === 'visits' ? 0.02 : 0.6);
		expect(van.visit !== null).toBe(stop.visits.length > 0);
	}
	expect(vanAt(day, from).stop).toBe(base.name);
	expect(vanAt(day, plan.to - 1000).stop).toBe(base.name);
});

test('its legs cover the day without a gap, and it never jumps', () => {
	let time = 0;
	for (const leg of day.legs) {
		expect(leg.from).toBeCloseTo(time, 6);
		time = leg.to;
	}
	expect(time).toBeCloseTo(day.period, 6);
	let before = vanAt(day, from);
	for (let t = from; t < plan.to + minute; t += 1000) {
		const now = vanAt(day, t);
		expect(distanceKm([before.lon, before.lat], [now.lon, now.lat])).toBeLessThan(0.04);
		expect(now.speed * 3.6).toBeLessThan(110);
		before = now;
	}
});

test('the signal is that of the roads it follows: none on the way to 松根 and there', () => {
	const [, matsune, hirai] = route.stops;
	const signal = (ms: number) => {
		const { on } = vanAt(day, ms);
		return on ? coverage(on.edge, on.along).state : 'unknown';
	};
	expect(signal(from)).toBe('good');
	expect(signal(matsune!.arrival - minute)).toBe('none');
	expect(signal(matsune!.arrival + minute)).toBe('none');
	expect(signal(hirai!.arrival + minute)).toBe(coverage(edgesAt(hirai!.location)[0]!.id, 0).state);
	for (let t = from; t < plan.to; t += 30_000) expect(signal(t)).not.toBe('unknown');
});

const edgesAt = ([lon, lat]: readonly [number, number]) =>
	region.roads.filter(({ line }) => [line[0]!, line.at(-1)!].some((node) => node[0] === lon && node[1] === lat));

test('ten times as fast: the same places at a tenth of the time', () => {
	const shorter = (ms: number) => from + (ms - from) / 10;
	const stops = route.stops.map((stop) => ({
		...stop,
		arrival: shorter(stop.arrival),
		departure: shorter(stop.departure),
		visits: stop.visits.map((visit) => ({ ...visit, from: shorter(visit.from), to: shorter(visit.to) })),
	}));
	const fast = plannedDays(region, coverage).dayOf({ from, to: shorter(plan.to) }, { ...route, stops }, { seed: 7, speedUp: 10 });
	for (let t = from; t < plan.to; t += 7 * minute) {
		const [slow, quick] = [vanAt(day, t), vanAt(fast, shorter(t))];
		expect(distanceKm([slow.lon, slow.lat], [quick.lon, quick.lat])).toBeLessThan(0.02);
		expect(quick.stop).toBe(slow.stop);
	}
	expect(fast.period).toBeCloseTo(day.period, 3);
});

test('a way is cut where it changes roads or turns back, and what is off every road has none', () => {
	const finder = new EdgeFinder(region);
	const road = region.roads.find(({ id }) => id === 'R371-008')!;
	const there = partOfLine(road.line, 0.2, 0.8);
	const [forth, back, ...more] = finder.stretches([...there, ...there.toReversed()]);
	expect(more).toEqual([]);
	expect([forth!.road!.id, back!.road!.id]).toEqual(['R371-008', 'R371-008']);
	expect(forth!.along[0]).toBeCloseTo(0.2, 2);
	expect(forth!.along[1]).toBeCloseTo(0.8, 2);
	expect(back!.along[1]).toBeCloseTo(0.2, 2);
	const sea = finder.stretches([
		[135.2, 33.5],
		[135.21, 33.5],
	]);
	expect(sea).toMatchObject([{ road: null }]);
});
