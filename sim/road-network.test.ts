import { loadRegion } from '@junkai/regions';
import { expect, test } from 'vitest';
import { placeOnDrive, RoadNetwork } from './road-network.ts';

const region = loadRegion();
const network = new RoadNetwork(region);
const junction = (name: string) => {
	const [lat, lon] = region.junctions[name]!;
	return { lat, lon };
};

test.each([
	['高野山R371', '大熊R371', 42.7, 57],
	['新宮R42', '本宮大社前', 34.9, 42],
	['新宮R42', '大沼R169', 44.7, 58],
	['朝来R42', '本宮大社前', 55.5, 64],
])('%s to %s takes what the region says', (from, to, km, minutes) => {
	const path = network.path(junction(from), junction(to));
	expect(path.km).toBeCloseTo(km, -1);
	expect(Math.abs(path.km - km) / km).toBeLessThan(0.04);
	expect(Math.abs(path.seconds / 60 - minutes)).toBeLessThan(3);
});

test('a path is a chain: each edge begins where the one before ended', () => {
	const from = junction('新宮R42');
	const { drives } = network.path(from, junction('和歌山市R42起点'));
	let at: readonly [number, number] = [from.lon, from.lat];
	for (const drive of drives) {
		expect(placeOnDrive(drive, 0).point).toEqual(at);
		at = placeOnDrive(drive, 1).point;
	}
	const end = junction('和歌山市R42起点');
	expect(at).toEqual([end.lon, end.lat]);
});

test('a closed road is gone round, and cutting all ways says so', () => {
	const [from, to] = [junction('高野山R371'), junction('大熊R371')];
	const round = new RoadNetwork(region, new Set(['R371-008'])).path(from, to);
	expect(round.drives.some((d) => d.road.id === 'R371-008')).toBe(false);
	expect(round.km).toBeGreaterThan(80);
	const none = new RoadNetwork(region, new Set(region.roads.filter((r) => r.ref === 'R371').map((r) => r.id)));
	expect(() => none.path(junction('九川R371'), to)).not.toThrow(/undefined/);
});

test('the way back has the opposite course', () => {
	const [there] = network.path(junction('高野山R371'), junction('大熊R371')).drives;
	const back = network.path(junction('大熊R371'), junction('高野山R371')).drives.at(-1)!;
	expect(back.road.id).toBe(there!.road.id);
	const difference = Math.abs(placeOnDrive(there!, 0.5).course - placeOnDrive(back, 0.5).course);
	expect(difference).toBeCloseTo(180, 0);
});
