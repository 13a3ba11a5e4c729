import type { RoadClosureBody } from '@junkai/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closedParts } from '../roads/closures.ts';
import { closure as roadsClosure } from '../roads/port.ts';
import { closedRoadsAt, followFeed, forRoads, rainRules } from './closures.ts';
import type { RecordsError } from './records-error.ts';
import { closureOf, NOW, openTestRecords, region, type TestRecords } from './test-records.ts';

let kept: TestRecords;
beforeEach(() => {
	kept = openTestRecords();
});
afterEach(() => kept.remove());

const HOUR_MS = 3_600_000;
const create = (change: Partial<RoadClosureBody>) =>
	kept.records.keep({ kind: 'closure', op: 'create', body: closureOf(change) }, 'a');
const inForce = async (from: number, until?: number) =>
	forRoads(await kept.records.closures.between(from, until), kept.records.facts);
const rule = (id: string) => region.closures.find((one) => one.id === id)!;
const unheld = region.closures.find(({ edges, continuousMm }) => edges.length === 0 && continuousMm !== undefined)!;

describe('what is closed, for the roads', () => {
	test('is in force from its beginning until its end', async () => {
		await create({ from: NOW, until: NOW + HOUR_MS });
		const at = async (ms: number) => (await inForce(ms)).length;
		expect([await at(NOW - 1), await at(NOW), await at(NOW + HOUR_MS - 1), await at(NOW + HOUR_MS)]).toEqual([0, 1, 1, 0]);
		expect(await inForce(NOW - HOUR_MS, NOW + 9 * HOUR_MS)).toMatchObject([
			{ id: 'closure-1', from: new Date(NOW).toISOString(), until: new Date(NOW + HOUR_MS).toISOString() },
		]);
	});

	test('is understood by them in every shape', async () => {
		await create({ shape: { kind: 'rules', rules: ['W01', 'W02'] } });
		await create({ shape: { kind: 'edges', edges: ['R311-002'] } });
		await create({ shape: { kind: 'rain', mm: null, hourMm: 50 } });
		await create({
			shape: {
				kind: 'polygon',
				ring: [
					[135.7, 33.8],
					[135.8, 33.8],
					[135.8, 33.9],
				],
			},
		});
		const all = await inForce(NOW);
		expect(all.map(({ id }) => id)).toEqual(['closure-1', 'closure-2', 'closure-3', 'closure-4']);
		for (const one of all) expect(roadsClosure.safeParse(one).error).toBeUndefined();
		const parts = closedParts(region, all.slice(0, 2));
		expect(new Set(parts.keys())).toEqual(new Set([...rule('W01').edges, ...rule('W02').edges, 'R311-002']));
	});

	test('on the map names who closed it, and the rules for roads that the map has not', async () => {
		await create({ name: '雨 R168', shape: { kind: 'rules', rules: ['W01', unheld.id] } });
		await create({ name: '落石', shape: { kind: 'edges', edges: ['R168-001'] } });
		const { lines, unmatched } = await closedRoadsAt(kept.records, NOW);
		expect(lines.map(({ edge }) => edge).toSorted()).toEqual(rule('W01').edges.toSorted());
		expect(lines.find(({ edge }) => edge === 'R168-001')).toMatchObject({
			ref: 'R168',
			by: ['雨 R168', '落石'],
			coordinates: region.roads.find(({ id }) => id === 'R168-001')!.line,
		});
		expect(unmatched).toEqual([unheld.id]);
		expect((await closedRoadsAt(kept.records, NOW - 1)).lines).toEqual([]);
	});

	test('would be more at a rainfall', async () => {
		const none = await closedRoadsAt(kept.records, NOW, { mm: 100 });
		const some = await closedRoadsAt(kept.records, NOW, { mm: 180 });
		const all = await closedRoadsAt(kept.records, NOW, { mm: 5000, hourMm: 60 });
		expect(none.lines.length).toBeLessThan(some.lines.length);
		expect(some.lines.length).toBeLessThan(all.lines.length);
		expect(all.unmatched).toContain(unheld.id);
		expect(some.lines[0]!.by).toEqual(['180 mm']);
		expect(await kept.records.closures.count()).toBe(0);
	});

	test('the rules to choose from are those of the region', () => {
		const rules = rainRules(kept.records.facts);
		expect(rules).toHaveLength(region.closures.length);
		expect(rules.find(({ id }) => id === 'W01')).toEqual({
			id: 'W01',
			road: '国道 168号',
			section: rule('W01').section,
			mm: 200,
			hourMm: 50,
			edges: rule('W01').edges.length,
		});
	});
});

describe('a feed of a road office', () => {
	const feed = (minutes: number, closed: string[], source = '東牟婁振興局') =>
		followFeed(kept.records, { source, time: NOW + minutes * 60_000, closed }, 'feed');

	test('closes what it names, opens what it names no more, and changes nothing when told again', async () => {
		const first = await feed(0, ['W01', 'W02']);
		expect(first.map(({ name, source, reason }) => [name, source, reason])).toEqual([
			[`国道 168号 ${rule('W01').section}`, 'feed', '東牟婁振興局'],
			[`国道 168号 ${rule('W02').section}`, 'feed', '東牟婁振興局'],
		]);
		expect(await feed(5, ['W01', 'W02'])).toEqual(first);
		const second = await feed(10, ['W02', 'W06']);
		expect(second.map(({ shape }) => shape)).toEqual([
			{ kind: 'rules', rules: ['W02'] },
			{ kind: 'rules', rules: ['W06'] },
		]);
		expect((await kept.records.closures.get(first[0]!.id))?.until).toBe(NOW + 600_000);
		expect(await feed(20, ['W03'], '奈良県')).toHaveLength(1);
		expect(await feed(30, [])).toEqual([]);
		expect((await kept.records.closures.between(NOW + 31 * 60_000)).map(({ reason }) => reason)).toEqual(['奈良県']);
	});

	test('is refused with a section that the region has not, and with old news', async () => {
		const unknown = await feed(0, ['W01', 'W999']).catch((error: unknown) => error as RecordsError);
		expect(unknown).toMatchObject({ status: 422, errors: [{ field: 'closed.1' }] });
		expect(await kept.records.closures.count()).toBe(0);
		await feed(10, ['W01']);
		const old = await feed(5, []).catch((error: unknown) => error as RecordsError);
		expect(old).toMatchObject({ refusal: 'state', status: 409 });
	});
});
