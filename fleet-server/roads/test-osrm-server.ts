/**
 * An HTTP server that speaks enough of OSRM's language to test its client: Dijkstra over the region's own edges, answers and
 * errors in the shape of osrm-routed 6.0. It can be told to be slow, to break off, to talk nonsense or to take little.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { distanceKm, lineKm, partOfLine, type Region, type Road } from '@junkai/regions';
import { locate } from './geometry.ts';
import type { Place } from './port.ts';

export interface OsrmTestServer {
	readonly url: string;
	/** Every request's path with its query, in order. */
	readonly requests: string[];
	/** What goes wrong with the next requests, one after the other. */
	readonly faults: ('slow' | 'cut' | 'garbage' | 'html' | 'status 500' | 'status 503' | 'wrong shape')[];
	/** Table and match take so many places. */
	most: number;
	close(): Promise<void>;
}

/** A place on an edge. */
interface Snap {
	readonly road: Road;
	readonly fraction: number;
	readonly location: Place;
	readonly distance: number;
}

export async function startOsrmServer(region: Region, closed: ReadonlySet<string> = new Set()): Promise<OsrmTestServer> {
	const graph = new Graph(region.roads.filter((road) => !closed.has(road.id)));
	const server = createServer((request, response) => handle(request, response));
	const state: OsrmTestServer = {
		url: '',
		requests: [],
		faults: [],
		most: 100,
		close: async () => {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
	const handle = (request: IncomingMessage, response: ServerResponse): void => {
		state.requests.push(request.url ?? '');
		const fault = state.faults.shift();
		if (fault === 'slow') return void setTimeout(() => response.destroy(), 20_000).unref();
		const { status, body } = answer(graph, new URL(request.url ?? '', 'http://localhost'), state.most);
		let text = JSON.stringify(body);
		if (fault === 'garbage') text = text.slice(0, text.length / 2);
		if (fault === 'html') text = '<html>It works!</html>';
		if (fault === 'wrong shape') text = text.replaceAll('"durations"', '"duration"').replaceAll('"legs"', '"leg"');
		response.writeHead(fault?.startsWith('status') ? Number(fault.slice(7)) : status, {
			'content-type': 'application/json',
			'content-length': Buffer.byteLength(text),
		});
		if (fault === 'cut') return void response.write(text.slice(0, text.length / 2), () => response.destroy());
		response.end(text);
	};
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

interface Answer {
	status: number;
	body: { code: string } & Record<string, unknown>;
}

const refuse = (code: string, message: string): Answer => ({ status: 400, body: { code, message } });

function answer(graph: Graph, url: URL, most: number): Answer {
	const [, service, , , list] = decodeURIComponent(url.pathname).split('/');
	const places = (list ?? '').split(';').map((text) => text.split(',').map(Number) as [number, number]);
	const query = url.searchParams;
	if (service === 'table' && places.length > most) return refuse('TooBig', 'Too many table coordinates');
	const radiuses = query.get('radiuses')?.split(';').map(Number);
	if (radiuses && radiuses.length !== places.length)
		return refuse('InvalidOptions', 'Number of elements in radiuses size does not match');
	const snaps = places.map((place) => graph.snap(place));
	const lost = snaps.findIndex((snap, i) => snap.distance > (radiuses?.[i] ?? Infinity));
	if (lost >= 0 && service !== 'match') return refuse('NoSegment', `Could not find a matching segment for coordinate ${lost}`);
	switch (service) {
		case 'nearest':
			return { status: 200, body: { code: 'Ok', waypoints: [waypoint(snaps[0]!)] } };
		case 'table':
			return table(graph, snaps, query);
		case 'route':
			return route(graph, snaps, query.get('annotations') === 'true');
		case 'match':
			return match(snaps);
		default:
			return refuse('InvalidService', `Service ${service ?? ''} not found!`);
	}
}

const waypoint = ({ location, distance, road }: Snap) => ({ hint: '', location, distance, name: road.name });

function table(graph: Graph, snaps: Snap[], query: URLSearchParams): Answer {
	const indexes = (name: string) => query.get(name)?.split(';').map(Number) ?? [...snaps.keys()];
	const [sources, destinations] = [indexes('sources'), indexes('destinations')];
	const ways = sources.map((s) => graph.from(snaps[s]!)).map((tree) => destinations.map((d) => tree(snaps[d]!)));
	const numbers = (of: 'seconds' | 'metres') => ways.map((row) => row.map((way) => way && Math.round(way[of] * 10) / 10));
	const body = { durations: numbers('seconds'), distances: numbers('metres') };
	return { status: 200, body: { code: 'Ok', ...body, sources: sources.map((i) => waypoint(snaps[i]!)) } };
}

function route(graph: Graph, snaps: Snap[], annotations: boolean): Answer {
	const legs: Record<string, unknown>[] = [];
	for (let i = 1; i < snaps.length; i++) {
		const way = graph.from(snaps[i - 1]!)(snaps[i]!);
		if (way === null) return refuse('NoRoute', 'No route found between points');
		const { line, metres, seconds } = way;
		const lengths = line.slice(1).map((point, k) => distanceKm(line[k]!, point));
		const drawn = lengths.reduce((a, b) => a + b, 0) || 1;
		const maneuver = { type: 'depart', location: line[0]!, bearing_before: 0, bearing_after: 0 };
		const last = line.at(-1)!;
		legs.push({
			distance: metres,
			duration: seconds,
			weight: seconds,
			summary: '',
			steps: [
				{
					distance: metres,
					duration: seconds,
					name: 'road',
					ref: 'R1',
					driving_side: 'right',
					geometry: lineString(line),
					maneuver,
				},
				{
					distance: 0,
					duration: 0,
					name: 'road',
					driving_side: 'right',
					geometry: lineString([last, last]),
					maneuver: { ...maneuver, type: 'arrive', modifier: 'left', location: last },
				},
			],
			...(annotations && {
				annotation: {
					distance: lengths.map((length) => (metres * length) / drawn),
					duration: lengths.map((length) => (seconds * length) / drawn),
				},
			}),
		});
	}
	const sum = (name: string) => legs.reduce((total, leg) => total + Number(leg[name]), 0);
	const routes = [{ distance: sum('distance'), duration: sum('duration'), legs }];
	return { status: 200, body: { code: 'Ok', routes, waypoints: snaps.map(waypoint) } };
}

function match(snaps: Snap[]): Answer {
	const near = snaps.filter(({ distance }) => distance < 50);
	if (near.length < 2) return refuse('NoMatch', 'Could not match the trace.');
	const line = near.map(({ location }) => location);
	const matching = { distance: lineKm(line) * 1000, duration: 1, confidence: 1, geometry: lineString(line), legs: [] };
	return { status: 200, body: { code: 'Ok', matchings: [matching], tracepoints: snaps.map(waypoint) } };
}

const lineString = (coordinates: Place[]) => ({ type: 'LineString', coordinates });

interface Way {
	seconds: number;
	metres: number;
	line: Place[];
}

type Tree = (target: Snap) => Way | null;

/** The region's edges as a graph, with true lengths and speeds. */
export class Graph {
	readonly #roads: readonly Road[];
	readonly #snaps = new Map<string, Snap>();
	readonly #trees = new Map<Snap, Tree>();
	readonly #edges = new Map<string, { to: string; road: Road; forward: boolean }[]>();

	constructor(roads: readonly Road[]) {
		this.#roads = roads;
		for (const road of roads) {
			const [a, b] = [road.line[0]!.join(), road.line.at(-1)!.join()];
			for (const [from, to, forward] of [[a, b, true] as const, [b, a, false] as const]) {
				const list = this.#edges.get(from);
				if (list) list.push({ to, road, forward });
				else this.#edges.set(from, [{ to, road, forward }]);
			}
		}
	}

	snap(place: Place): Snap {
		const known = this.#snaps.get(place.join());
		if (known) return known;
		let best: Snap | null = null;
		for (const road of this.#roads) {
			const at = locate(place, [road.line], Infinity)!;
			if (best && at.distance >= best.distance) continue;
			best = { road, fraction: fractionOf(road, at.location), location: at.location, distance: at.distance };
		}
		this.#snaps.set(place.join(), best!);
		return best!;
	}

	/** Quickest ways from a place: gives the way to another one, or null. */
	from(source: Snap): Tree {
		const known = this.#trees.get(source);
		if (known) return known;
		const best = new Map<string, { seconds: number; metres: number; before: string | null; line: Place[] }>();
		const open = new Map<string, number>();
		const offer = (node: string, seconds: number, metres: number, before: string | null, line: Place[]): void => {
			if (seconds >= (best.get(node)?.seconds ?? Infinity)) return;
			best.set(node, { seconds, metres, before, line });
			open.set(node, seconds);
		};
		const { road, fraction } = source;
		const toEnds = (part: number) => [secondsOf(road) * part, road.km * 1000 * part] as const;
		offer(road.line[0]!.join(), ...toEnds(fraction), null, partOfLine(road.line, 0, fraction).toReversed());
		offer(road.line.at(-1)!.join(), ...toEnds(1 - fraction), null, partOfLine(road.line, fraction, 1));
		while (open.size > 0) {
			let [node, seconds] = ['', Infinity];
			for (const [name, at] of open) if (at < seconds) [node, seconds] = [name, at];
			open.delete(node);
			const metres = best.get(node)!.metres;
			for (const edge of this.#edges.get(node) ?? []) {
				const line = edge.forward ? edge.road.line : edge.road.line.toReversed();
				offer(edge.to, seconds + secondsOf(edge.road), metres + edge.road.km * 1000, node, line);
			}
		}
		const lineTo = (node: string): Place[] => {
			const parts: Place[][] = [];
			for (let at: string | null = node; at !== null; at = best.get(at)!.before) parts.push(best.get(at)!.line);
			return parts.toReversed().flat();
		};
		const tree: Tree = (target) => {
			const ways: Way[] = [];
			if (target.road === road) {
				const part = Math.abs(target.fraction - fraction);
				const piece = partOfLine(road.line, Math.min(fraction, target.fraction), Math.max(fraction, target.fraction));
				ways.push({
					seconds: secondsOf(road) * part,
					metres: road.km * 1000 * part,
					line: target.fraction < fraction ? piece.toReversed() : piece,
				});
			}
			for (const [end, part, line] of [
				[target.road.line[0]!, target.fraction, partOfLine(target.road.line, 0, target.fraction)],
				[target.road.line.at(-1)!, 1 - target.fraction, partOfLine(target.road.line, target.fraction, 1).toReversed()],
			] as const) {
				const reached = best.get(end.join());
				if (!reached) continue;
				ways.push({
					seconds: reached.seconds + secondsOf(target.road) * part,
					metres: reached.metres + target.road.km * 1000 * part,
					line: [...lineTo(end.join()), ...line],
				});
			}
			return ways.toSorted((a, b) => a.seconds - b.seconds)[0] ?? null;
		};
		this.#trees.set(source, tree);
		return tree;
	}
}

const secondsOf = (road: Road): number => (road.km / road.speedKmh) * 3600;

function fractionOf(road: Road, at: Place): number {
	let run = 0;
	let best = { distance: Infinity, run: 0 };
	for (let i = 1; i < road.line.length; i++) {
		const piece = locate(at, [[road.line[i - 1]!, road.line[i]!]], Infinity)!;
		if (piece.distance < best.distance)
			best = { distance: piece.distance, run: run + distanceKm(road.line[i - 1]!, piece.location) };
		run += distanceKm(road.line[i - 1]!, road.line[i]!);
	}
	return Math.min(1, best.run / run);
}
