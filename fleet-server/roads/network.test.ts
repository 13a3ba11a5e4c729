/** From the region's edges to OpenStreetMap's, and the file that holds them. */
import { inflateSync } from 'node:zlib';
import { course, distanceKm, lineKm, type Road } from '@junkai/regions';
import { PbfReader } from 'pbf';
import { describe, expect, test } from 'vitest';
import { roadNetwork, unfold, type Network } from './network.ts';
import { writeOsmPbf, type OsmNode, type OsmWay } from './pbf.ts';
import { segmentSpeeds } from './map.ts';
import type { Place } from './port.ts';
import { region } from './test-roads.ts';

const wayOf = (network: Network, edge: string, piece = 0): OsmWay =>
	network.ways.filter((way) => network.origin.get(way.id)!.edge === edge)[piece]!;

function lineOf({ nodes }: Network, way: OsmWay): Place[] {
	const at = new Map(nodes.map((node) => [node.id, [node.lon, node.lat] as const]));
	return way.nodes.map((id) => at.get(id)!);
}

describe('roadNetwork', () => {
	const network = roadNetwork(region);
	const lines = new Map(network.ways.map((way) => [network.origin.get(way.id)!.edge, lineOf(network, way)]));

	test('every edge is as long as its road', () => {
		for (const road of region.roads) {
			const drawn = lineKm(road.line);
			// A line longer than its road stays as it is; a fold is no shorter than 20 m.
			const off = Math.abs(lineKm(lines.get(road.id)!) - Math.max(road.km, drawn));
			expect(off, road.id).toBeLessThan(0.06 + road.km * 0.003);
		}
		const sum = (of: (road: Road) => number) => region.roads.reduce((total, road) => total + of(road), 0);
		expect(sum((road) => lineKm(lines.get(road.id)!)) / sum((road) => road.km)).toBeCloseTo(1, 2);
	});

	test('without its folds it is the line of the region', () => {
		for (const road of region.roads) {
			const plain = unfold(lines.get(road.id)!).line;
			expect(plain[0]).toEqual(road.line[0]);
			expect(plain.at(-1)).toEqual(road.line.at(-1));
			expect(lineKm(plain), road.id).toBeLessThan(lineKm(road.line) * 1.001 + 0.07);
			for (const bend of road.line) expect(Math.min(...plain.map((point) => distanceKm(point, bend))), road.id).toBeLessThan(0.05);
		}
	});

	test('roads leave a crossing well apart, so that no turn looks like turning back', () => {
		const arms = new Map<string, number[]>();
		for (const line of lines.values()) {
			if (lineKm(line) < 0.15) continue;
			for (const [a, b] of [line.slice(0, 2), line.slice(-2).toReversed()] as [Place, Place][]) {
				arms.set(a.join(), [...(arms.get(a.join()) ?? []), course(a, b)]);
			}
		}
		for (const [node, headings] of arms) {
			const sorted = headings.toSorted((a, b) => a - b);
			if (sorted.length < 2 || sorted.length > 9) continue;
			const gaps = sorted.map((heading, i) => (sorted[(i + 1) % sorted.length]! - heading + 360) % 360);
			expect(Math.min(...gaps), node).toBeGreaterThan(25);
		}
	});

	test('tags: class, speed, both directions, width', () => {
		expect(wayOf(network, 'R42-001').tags).toEqual({
			highway: 'trunk',
			oneway: 'no',
			maxspeed: '45',
			name: '国道42号',
			ref: 'R42',
			lanes: '2',
		});
		expect(wayOf(network, 'R169-005').tags).toMatchObject({ maxwidth: '2.3' });
		expect(wayOf(network, 'E42-001').tags).toMatchObject({ highway: 'motorway', oneway: 'no', toll: 'yes' });
	});

	test('a closed part is left out, its stubs stay', () => {
		const part = roadNetwork(
			region,
			new Map([
				[
					'R371-008',
					[
						[0.2, 0.3],
						[0.5, 1],
					],
				],
			]),
		);
		const road = region.roads.find(({ id }) => id === 'R371-008')!;
		const first = lineKm(lineOf(part, wayOf(part, 'R371-008', 0)));
		const second = lineKm(lineOf(part, wayOf(part, 'R371-008', 1)));
		expect(wayOf(part, 'R371-008', 2)).toBeUndefined();
		expect(first).toBeCloseTo(road.km * 0.2, 0);
		expect(second).toBeCloseTo(road.km * 0.2, 0);
		const ends = wayOf(part, 'R371-008', 1);
		expect(part.ways.filter(({ nodes }) => nodes.includes(ends.nodes.at(-1)!))).toHaveLength(1);
	});

	test('speeds of what is closed: both directions, and no segment of an open road', () => {
		const closed = new Map([['R371-008', [[0, 1]] as const]]);
		const way = wayOf(network, 'R371-008');
		const rows = segmentSpeeds(network, closed).trim().split('\n');
		expect(rows).toHaveLength(2 * (way.nodes.length - 1));
		expect(rows[0]).toBe(`${way.nodes[0]},${way.nodes[1]},0`);
		expect(rows[1]).toBe(`${way.nodes[1]},${way.nodes[0]},0`);
		const half = segmentSpeeds(network, new Map([['R371-008', [[0, 0.5]] as const]]))
			.trim()
			.split('\n').length;
		expect(half).toBeGreaterThan(rows.length * 0.45);
		expect(half).toBeLessThan(rows.length * 0.55);
	});
});

describe('unfold', () => {
	const [a, b, c, d]: Place[] = [
		[135, 34],
		[135.01, 34],
		[135.02, 34],
		[135.02, 34.01],
	];

	test('takes a fold out and keeps what its pieces add up to', () => {
		const { line, values } = unfold([a!, c!, b!, c!, d!], [[2, 1, 1, 3]]);
		expect(line).toEqual([a, b, c, d]);
		expect(values).toEqual([[3, 1, 3]]);
	});

	test('leaves a line without folds alone, right angles included', () => {
		expect(unfold([a!, b!, c!, d!], [[1, 2, 3]])).toEqual({ line: [a, b, c, d], values: [[1, 2, 3]] });
	});

	test('a way that begins or ends within a fold loses none of its time', () => {
		const { line, values } = unfold([b!, c!, b!, a!], [[1, 1, 1]]);
		expect(line).toEqual([b, a]);
		expect(values).toEqual([[3]]);
		expect(unfold([a!, a!], [[0]]).line).toEqual([a, a]);
	});
});

describe('writeOsmPbf', () => {
	test('what is written is read back by another reader, several blocks long', () => {
		const nodes: OsmNode[] = Array.from({ length: 20_001 }, (_, i) => ({
			id: 20_001 - i,
			lon: 135 + i * 1e-5,
			lat: 33.5 - i * 1e-6,
		}));
		const ways: OsmWay[] = [
			{ id: 9, nodes: [3, 1, 20_001], tags: { highway: 'trunk', name: '国道42号' } },
			{ id: 2, nodes: [5, 6], tags: { highway: 'trunk' } },
		];
		const file = readPbf(writeOsmPbf(nodes, ways));
		expect(file.blocks).toEqual(['OSMHeader', 'OSMData', 'OSMData', 'OSMData', 'OSMData']);
		expect(file.features).toEqual(['OsmSchema-V0.6', 'DenseNodes']);
		expect(file.nodes).toHaveLength(20_001);
		expect(file.nodes[0]).toEqual({ id: 1, lon: 135.2, lat: 33.48 });
		expect(file.nodes.at(-1)).toEqual({ id: 20_001, lon: 135, lat: 33.5 });
		expect(file.ways).toEqual(ways.toReversed());
	});

	test("the region's roads come back whole", () => {
		const { nodes, ways } = roadNetwork(region);
		const file = readPbf(writeOsmPbf(nodes, ways));
		expect(file.ways).toEqual(ways);
		for (const [i, node] of file.nodes.entries())
			expect(distanceKm([node.lon, node.lat], [nodes[i]!.lon, nodes[i]!.lat])).toBeLessThan(1e-4);
	});
});

/** Reads the format by its definition, apart from the writer. */
function readPbf(file: Buffer) {
	const blocks: string[] = [];
	const features: string[] = [];
	const nodes: OsmNode[] = [];
	const ways: OsmWay[] = [];
	for (let at = 0; at < file.length;) {
		const size = file.readUInt32BE(at);
		const head = fields(file.subarray(at + 4, at + 4 + size));
		const type = head.get(1)![0]!.toString();
		const length = Number(head.get(3)![0]);
		const blob = fields(file.subarray(at + 4 + size, at + 4 + size + length));
		const content = inflateSync(blob.get(3)![0] as Uint8Array);
		expect(content.length).toBe(Number(blob.get(2)![0]));
		at += 4 + size + length;
		blocks.push(type);
		const block = fields(content);
		if (type === 'OSMHeader') features.push(...block.get(4)!.map(String));
		else readBlock(block, nodes, ways);
	}
	return { blocks, features, nodes, ways };
}

function readBlock(block: Map<number, (Buffer | number)[]>, nodes: OsmNode[], ways: OsmWay[]): void {
	const strings = fields(block.get(1)![0] as Buffer)
		.get(1)!
		.map(String);
	const group = fields(block.get(2)![0] as Buffer);
	for (const dense of group.get(2) ?? []) {
		const parts = fields(dense as Buffer);
		const [ids, lats, lons] = [1, 8, 9].map((tag) => sums(packed(parts.get(tag)![0] as Buffer, true)));
		for (const [i, id] of ids!.entries()) nodes.push({ id, lon: lons![i]! / 1e7, lat: lats![i]! / 1e7 });
	}
	for (const way of group.get(3) ?? []) {
		const parts = fields(way as Buffer);
		const [keys, values] = [2, 3].map((tag) => packed(parts.get(tag)![0] as Buffer, false));
		const tags = Object.fromEntries(keys!.map((key, i) => [strings[key]!, strings[values![i]!]!]));
		ways.push({ id: Number(parts.get(1)![0]), nodes: sums(packed(parts.get(8)![0] as Buffer, true)), tags });
	}
}

function fields(bytes: Uint8Array): Map<number, (Buffer | number)[]> {
	const found = new Map<number, (Buffer | number)[]>();
	new PbfReader(bytes).readFields((tag, all, pbf) => {
		const value = pbf.type === 2 ? Buffer.from(pbf.readBytes()) : pbf.readVarint();
		all.set(tag, [...(all.get(tag) ?? []), value]);
	}, found);
	return found;
}

function packed(bytes: Buffer, signed: boolean): number[] {
	const pbf = new PbfReader(bytes);
	const values: number[] = [];
	while (pbf.pos < pbf.length) values.push(signed ? pbf.readSVarint() : pbf.readVarint());
	return values;
}

function sums(values: number[]): number[] {
	let sum = 0;
	return values.map((value) => (sum += value));
}
