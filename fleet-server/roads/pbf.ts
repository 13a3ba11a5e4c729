/**
 * Writes OpenStreetMap's PBF format (wiki.openstreetmap.org/wiki/PBF_Format): what Valhalla, OSRM and osmium read.
 * Dense nodes and ways, zlib blobs; no relations, no metadata.
 */
import { deflateSync } from 'node:zlib';
import { PbfWriter } from 'pbf';

export interface OsmNode {
	readonly id: number;
	readonly lon: number;
	readonly lat: number;
}

export interface OsmWay {
	readonly id: number;
	/** Node ids, two or more. */
	readonly nodes: readonly number[];
	readonly tags: Readonly<Record<string, string>>;
}

/** The format's advice: at most 8,000 entities a block; a blob may hold 32 MiB. */
const ENTITIES = 8000;
/** Coordinates are whole numbers of 100 nanodegrees. */
const PER_DEGREE = 1e7;

/** Nodes and ways as one PBF file; both go in ascending order of their ids, as readers want them. */
export function writeOsmPbf(nodes: readonly OsmNode[], ways: readonly OsmWay[]): Buffer {
	const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
	const blocks = [fileBlock('OSMHeader', header(nodes))];
	for (const part of chunks(nodes.toSorted(byId))) blocks.push(fileBlock('OSMData', nodeBlock(part)));
	for (const part of chunks(ways.toSorted(byId))) blocks.push(fileBlock('OSMData', wayBlock(part)));
	return Buffer.concat(blocks.flat());
}

function chunks<T>(items: readonly T[]): T[][] {
	return Array.from({ length: Math.ceil(items.length / ENTITIES) }, (_, i) => items.slice(i * ENTITIES, (i + 1) * ENTITIES));
}

/** Length of the blob header (4 bytes, big-endian), blob header, blob. */
function fileBlock(type: string, content: Uint8Array): Uint8Array[] {
	const blob = new PbfWriter();
	blob.writeVarintField(2, content.length); // raw_size
	blob.writeBytesField(3, deflateSync(content)); // zlib_data
	const body = blob.finish();
	const head = new PbfWriter();
	head.writeStringField(1, type);
	head.writeVarintField(3, body.length); // datasize
	const headBytes = head.finish();
	const length = Buffer.alloc(4);
	length.writeUInt32BE(headBytes.length);
	return [length, headBytes, body];
}

function header(nodes: readonly OsmNode[]): Uint8Array {
	const [lons, lats] = [nodes.map((node) => node.lon), nodes.map((node) => node.lat)];
	const nano = (degrees: number) => Math.round(degrees * 1e9);
	const pbf = new PbfWriter();
	pbf.writeMessage(
		1,
		(_, box) => {
			box.writeSVarintField(1, nano(extreme(lons, Math.min)));
			box.writeSVarintField(2, nano(extreme(lons, Math.max)));
			box.writeSVarintField(3, nano(extreme(lats, Math.max)));
			box.writeSVarintField(4, nano(extreme(lats, Math.min)));
		},
		null,
	);
	for (const feature of ['OsmSchema-V0.6', 'DenseNodes']) pbf.writeStringField(4, feature);
	pbf.writeStringField(5, 'Sort.Type_then_ID');
	pbf.writeStringField(16, 'junkai');
	return pbf.finish();
}

/** Without spreading: hundreds of thousands of arguments overflow the stack. */
const extreme = (values: readonly number[], of: (a: number, b: number) => number): number =>
	values.reduce((a, b) => of(a, b), values[0] ?? 0);

function nodeBlock(nodes: readonly OsmNode[]): Uint8Array {
	const pbf = new PbfWriter();
	pbf.writeMessage(1, (_, table) => table.writeStringField(1, ''), null);
	pbf.writeMessage(
		2,
		(_, group) =>
			group.writeMessage(
				2,
				(__, dense) => {
					dense.writePackedSVarint(1, deltas(nodes.map((node) => node.id)));
					dense.writePackedSVarint(8, deltas(nodes.map((node) => Math.round(node.lat * PER_DEGREE))));
					dense.writePackedSVarint(9, deltas(nodes.map((node) => Math.round(node.lon * PER_DEGREE))));
				},
				null,
			),
		null,
	);
	return pbf.finish();
}

function wayBlock(ways: readonly OsmWay[]): Uint8Array {
	// The empty string comes first: index 0 is a delimiter in dense nodes and must not be a key.
	const strings = new Map<string, number>([['', 0]]);
	const index = (text: string): number => {
		const known = strings.get(text);
		if (known !== undefined) return known;
		strings.set(text, strings.size);
		return strings.size - 1;
	};
	const group = new PbfWriter();
	for (const way of ways) {
		const tags = Object.entries(way.tags).map(([key, value]) => [index(key), index(value)] as const);
		group.writeMessage(
			3,
			(_, message) => {
				message.writeVarintField(1, way.id);
				message.writePackedVarint(
					2,
					tags.map(([key]) => key),
				);
				message.writePackedVarint(
					3,
					tags.map(([, value]) => value),
				);
				message.writePackedSVarint(8, deltas(way.nodes));
			},
			null,
		);
	}
	const pbf = new PbfWriter();
	pbf.writeMessage(
		1,
		(_, table) => {
			for (const text of strings.keys()) table.writeBytesField(1, Buffer.from(text, 'utf8'));
		},
		null,
	);
	pbf.writeBytesField(2, group.finish());
	return pbf.finish();
}

function deltas(values: readonly number[]): number[] {
	return values.map((value, i) => value - (values[i - 1] ?? 0));
}
