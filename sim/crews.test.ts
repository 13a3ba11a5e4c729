import type { PlannedRoute, PlannedStop } from '@junkai/contracts';
import { coverageOf, distanceKm, loadRegion, partOfLine, type LonLat } from '@junkai/regions';
import { describe, expect, test } from 'vitest';
import { EdgeFinder } from './edge-finder.ts';
import { vanAt, type DayPlan } from './journey.ts';
import { FleetAtWork } from './fleet-at-work.ts';
import { RoadNetwork } from './road-network.ts';

const region = loadRegion();
const coverage = coverageOf(region);
const network = new RoadNetwork(region);
const from = Date.UTC(2026, 10, 22, 23, 0, 0);
const minute = 60_000;

const settlement = (id: string) => region.settlements.find((one) => one.id === id)!;
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
	const [matsune, hirai] = [settlement('S30424-001'), settlement('S30424-003')];
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
const clockAt = (startedService: number, speed = 1) => ({ startedWall: startedService, startedService, speed, simulated: true });

/** Crews at work, with a wall clock that the test sets. */
function crews(routes: readonly PlannedRoute[], { speed = 1, seed = 7 } = {}) {
	let wall = from;
	let days: ReadonlyMap<string, DayPlan> = new Map();
	const work = new FleetAtWork({
		region,
		coverage,
		clock: clockAt(from, speed),
		seed,
		now: () => wall,
		onDays: (all) => (days = all),
	});
	for (const one of routes) work.add(one.vehicle, one.stops[0]!.location, base.name, { revision: 1, route: one });
	work.begin();
	return {
		work,
		to: (ms: number) => (wall = ms),
		day: (vehicle = 'van-1') => days.get(vehicle)!,
		at: (ms: number, vehicle = 'van-1') => vanAt(days.get(vehicle)!, ms),
		events: (vehicle = 'van-1') => work.crews.find((one) => one.vehicle === vehicle)!.events,
		/** Wall-clock time of an event. */
		when: (state: string, which: number, vehicle = 'van-1') => {
			const crew = work.crews.find((one) => one.vehicle === vehicle)!;
			const event = crew.events.find(
				(one) => one.state === state && ('visit' in one ? one.visit : 'stop' in one ? one.stop : 0) === which,
			)!;
			return from + (from - 86_400_000 + event.time * 1000 - from) / speed;
		},
	};
}

const noJump = (at: (ms: number) => ReturnType<typeof vanAt>, until: number, begin = from) => {
	let before = at(begin);
	for (let t = begin; t < until; t += 1000) {
		const now = at(t);
		expect(distanceKm([before.lon, before.lat], [now.lon, now.lat])).toBeLessThan(0.04);
		expect(now.speed * 3.6).toBeLessThan(110);
		before = now;
	}
};

describe('a crew with a plan', () => {
	const alone = crews([route]);

	test('leaves when the plan says, makes the visits in order and not before their time, rests, and comes home', () => {
		expect(alone.when('departed', 0)).toBe(route.stops[0]!.departure);
		expect(alone.events().map(({ state }) => state)).toEqual([
			'departed',
			'arrived',
			'started',
			'done',
			'arrived',
			'started',
			'done',
			'arrived',
			'rested',
			'arrived',
		]);
		for (const stop of route.stops)
			for (const one of stop.visits) {
				const [begun, done] = [alone.when('started', one.visit), alone.when('done', one.visit)];
				expect(begun).toBeGreaterThanOrEqual(one.from);
				expect(begun - one.from).toBeLessThan(15 * minute);
				const van = alone.at((begun + done) / 2);
				expect(van.stop).toBe(stop.name.ja);
				expect(distanceKm([van.lon, van.lat], stop.location)).toBeLessThan(0.02);
				expect(van.visit).not.toBeNull();
			}
		expect(alone.at(plan.to + 60 * minute).stop).toBe(base.name);
		expect(alone.at(from).stop).toBe(base.name);
	});

	test('never jumps, and its legs leave no gap', () => {
		let time = alone.day().legs[0]!.from;
		for (const leg of alone.day().legs) {
			expect(leg.from).toBeCloseTo(time, 6);
			time = leg.to;
		}
		noJump(alone.at, plan.to + 30 * minute);
	});

	test('has the signal of the roads that it follows: none on the way to 松根 and there', () => {
		const [, matsune, hirai] = route.stops;
		const signal = (ms: number) => {
			const { on } = alone.at(ms);
			return on ? coverage(on.edge, on.along).state : 'unknown';
		};
		expect(signal(from)).toBe('good');
		expect(signal(matsune!.arrival - minute)).toBe('none');
		expect(signal(alone.when('started', 1) + minute)).toBe('none');
		expect(signal(alone.when('started', 2) + minute)).toBe(coverage(edgesAt(hirai!.location)[0]!.id, 0).state);
		for (let t = from; t < plan.to; t += 30_000) expect(signal(t)).not.toBe('unknown');
	});

	test('sixty times as fast: the same places at a sixtieth of the time', () => {
		const fast = crews([route], { speed: 60 });
		for (let t = from; t < plan.to; t += 7 * minute) {
			const [slow, quick] = [alone.at(t), fast.at(from + (t - from) / 60)];
			expect(distanceKm([slow.lon, slow.lat], [quick.lon, quick.lat])).toBeLessThan(0.02);
			expect(quick.stop).toBe(slow.stop);
		}
	});

	test('tells each thing once, when it has happened', () => {
		const told = crews([route]);
		told.to(told.when('done', 1) + 1000);
		expect(told.work.takeReports('van-1').map(({ state }) => state)).toEqual(['departed', 'arrived', 'started', 'done']);
		expect(told.work.takeReports('van-1')).toEqual([]);
		told.to(plan.to + 60 * minute);
		const rest = told.work.takeReports('van-1');
		expect(rest.filter(({ visit }) => visit === 2).map(({ state }) => state)).toEqual(['started', 'done']);
		for (const { time } of rest) expect(time).toBeGreaterThan(route.stops[0]!.departure);
	});
});

describe('a crew whose orders change', () => {
	/** The same day without the second visit: from 松根 straight home. */
	const [start, matsune] = route.stops;
	const home = wayOf(settlement('S30424-001'), base);
	const shorter: PlannedRoute = {
		...route,
		stops: [start!, matsune!, { ...route.stops.at(-1)!, way: home, arrival: matsune!.departure + home.duration * 1000 }],
	};

	test('on the road to a visit that is dropped, it turns round where it is', () => {
		const van = crews([route]);
		const moment = van.when('done', 1) + 10 * minute;
		expect(van.at(moment).stop).toBeNull();
		const before = van.at(moment);
		van.to(moment);
		van.work.order('van-1', { revision: 2, route: shorter });
		const after = van.at(moment);
		expect(distanceKm([before.lon, before.lat], [after.lon, after.lat])).toBeLessThan(0.05);
		noJump(van.at, plan.to + 30 * minute);
		expect(van.events().some((event) => event.state === 'started' && event.visit === 2)).toBe(false);
		expect(van.at(plan.to + 30 * minute).stop).toBe(base.name);
	});

	test('with a patient, it finishes the visit first', () => {
		const van = crews([route]);
		const done = van.when('done', 1);
		van.to(done - 5 * minute);
		van.work.order('van-1', { revision: 2, route: { ...shorter, stops: [start!, { ...shorter.stops[2]! }] } });
		expect(van.when('done', 1)).toBe(done);
		expect(van.at(done - minute).visit).not.toBeNull();
		expect(van.at(done + 5 * minute).stop).toBeNull();
	});

	test('a van that breaks down stays where it is', () => {
		const van = crews([route]);
		const moment = van.when('done', 1) + 10 * minute;
		van.to(moment);
		const there = van.at(moment);
		van.work.breakDown('van-1');
		const later = van.at(moment + 120 * minute);
		expect(distanceKm([there.lon, there.lat], [later.lon, later.lat])).toBeLessThan(0.05);
		expect(later.speed).toBe(0);
		expect(van.events().some((event) => event.state === 'started' && event.visit === 2)).toBe(false);
	});

	test('a road that closes ahead stops it before the barrier; one that it is on may be left', () => {
		const van = crews([route]);
		const moment = van.when('departed', 0) + 60_000;
		const ahead = van.day().legs.flatMap((leg) => (leg.kind === 'drive' && leg.edge !== null ? [leg.edge] : []));
		const [here, barred] = [ahead[0]!, ahead[3]!];
		van.to(moment);
		van.work.close([here, barred]);
		const driven = van.day().legs.flatMap((leg) => (leg.kind === 'drive' && leg.edge !== null ? [leg.edge] : []));
		expect(driven).toContain(here);
		expect(driven).not.toContain(barred);
		expect(van.at(moment + 60 * minute).stop).toBe('通行止め');
		van.to(moment + 90 * minute);
		van.work.close([]);
		expect(van.at(plan.to + 150 * minute).stop).toBe(base.name);
	});
});

test('tomorrow’s orders, which come in the evening, are for tomorrow', () => {
	const van = crews([route]);
	const evening = plan.to + 60 * minute;
	const day = 24 * 60 * minute;
	const later = (ms: number) => ms + day;
	const next: PlannedRoute = {
		...route,
		stops: route.stops.map((stop) => ({
			...stop,
			arrival: later(stop.arrival),
			departure: later(stop.departure),
			visits: stop.visits.map((visit) => ({ ...visit, visit: visit.visit + 10, from: later(visit.from), to: later(visit.to) })),
		})),
	};
	van.to(evening);
	van.work.order('van-1', { revision: 2, route: next });
	expect(van.at(evening + 60 * minute).stop).toBe(base.name);
	expect(van.when('started', 11)).toBeGreaterThanOrEqual(later(route.stops[1]!.visits[0]!.from));
	expect(van.events().filter(({ state }) => state === 'rested')).toHaveLength(2);
});

test('a doctor who is wanted by two vans at once attends one after the other', () => {
	const consult = (one: PlannedRoute, vehicle: string): PlannedRoute => ({
		...one,
		vehicle,
		stops: one.stops.map((stop) => ({
			...stop,
			visits: stop.visits.map((visit) => ({
				...visit,
				visit: visit.visit + (vehicle === 'van-2' ? 100 : 0),
				consult: { doctor: 5, from: visit.from + 5 * minute, to: visit.from + 15 * minute },
			})),
		})),
	});
	const { work } = crews([consult(route, 'van-1'), consult(route, 'van-2')]);
	const attended = work.crews
		.flatMap(({ events }) => events.flatMap((event) => (event.state === 'consult' ? [event] : [])))
		.toSorted((a, b) => a.time - b.time);
	expect(attended).toHaveLength(4);
	for (const [index, one] of attended.entries()) if (index > 0) expect(one.time).toBeGreaterThanOrEqual(attended[index - 1]!.until);
});

const edgesAt = ([lon, lat]: readonly [number, number]) =>
	region.roads.filter(({ line }) => [line[0]!, line.at(-1)!].some((node) => node[0] === lon && node[1] === lat));

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
