/**
 * Holds OSRM's client to recorded answers of a real osrm-routed: a small HTTP server gives them back, the client asks.
 *
 *     node test/conformance/osrm.ts [FILE]
 *
 * FILE has one JSON object a line: state, request, status, body. It may also stand in JUNKAI_OSRM_CORPUS. Ends with status 2 when
 * there is none, and 1 when an answer is not understood.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { createRoads } from '../../fleet-server/roads/open.ts';
import { decodePolyline } from '../../fleet-server/roads/geometry.ts';
import type { Place, Roads } from '../../fleet-server/roads/port.ts';
import { RoadsError } from '../../fleet-server/roads/roads-error.ts';

const recorded = z.object({
	state: z.string(),
	request: z.string(),
	status: z.number(),
	body: z.looseObject({ code: z.string() }),
});
type Recorded = z.infer<typeof recorded>;

const path = process.argv[2] ?? process.env['JUNKAI_OSRM_CORPUS'];
if (path === undefined) {
	console.error("no recorded answers: name the file, or set JUNKAI_OSRM_CORPUS; the client's own tests need none");
	process.exit(2);
}
const all = readFileSync(path, 'utf8')
	.trim()
	.split('\n')
	.map((line) => recorded.parse(JSON.parse(line)));

const rounded = (place: string): string =>
	place
		.split(',')
		.map((number) => Number(number).toFixed(5))
		.join();

let faults = 0;
let checks = 0;
function check(what: string, fine: boolean, found?: unknown): void {
	checks++;
	if (fine) return;
	faults++;
	console.log(`✗ ${what}${found === undefined ? '' : `: ${JSON.stringify(found)}`}`);
}

for (const state of new Set(all.map((one) => one.state)))
	await withServer(
		state,
		all.filter((one) => one.state === state),
	);
console.log(`${checks - faults} of ${checks} checks passed, ${all.length} recorded answers`);
process.exit(faults > 0 ? 1 : 0);

async function withServer(state: string, answers: Recorded[]): Promise<void> {
	const server = createServer((request, response) => {
		const { status, body } = answerTo(new URL(request.url ?? '', 'http://localhost'), answers);
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const rain = /^rain(\d+)$/.exec(state)?.[1];
	const open = () =>
		createRoads({
			dataDir: '/nonexistent',
			osrmUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
			...(rain !== undefined && { osrmRainMm: Number(rain) }),
		});
	const closures = rain === undefined ? [] : [{ id: state, rain: { mm: Number(rain) } }];
	// Each with roads of its own: what is remembered would not be asked for.
	for (const answer of answers) await compare(state, answer, open(), closures);
	server.close();
}

/** What was recorded for these places; where nothing was, each place lies on the road: `nearest` was recorded for few. */
function answerTo(url: URL, answers: Recorded[]): { status: number; body: unknown } {
	const [, service, , , places] = decodeURIComponent(url.pathname).split('/');
	const found = answers.filter(({ request }) => {
		const [, kind, , , list] = new URL(request, 'http://localhost').pathname.split('/');
		return (
			kind === service &&
			decodeURIComponent(list ?? '')
				.split(';')
				.map(rounded)
				.join(';') === places!.split(';').map(rounded).join(';')
		);
	});
	const exact =
		found.find(({ request }) => isAnswerTo(url, new URL(request, 'http://localhost'))) ??
		found.find(({ status }) => status !== 200);
	if (exact) return { status: exact.status, body: withLines(exact) };
	if (service !== 'nearest') return { status: 400, body: { code: 'NotRecorded', message: url.pathname } };
	const location = places!.split(',').map(Number);
	if (location[1]! < 33.1)
		return { status: 400, body: { code: 'NoSegment', message: 'Could not find a matching segment for coordinate 0' } };
	return { status: 200, body: { code: 'Ok', waypoints: [{ location, distance: 0, name: '', hint: '', nodes: [0, 0] }] } };
}

/** The client asks for GeoJSON; a match was recorded with coded lines. */
function withLines({ request, body }: Recorded): unknown {
	const { matchings } = body as { matchings?: { geometry: unknown }[] };
	if (matchings === undefined) return body;
	const precision = new URL(request, 'http://localhost').searchParams.get('geometries') === 'polyline6' ? 6 : 5;
	const line = (coded: unknown) =>
		typeof coded === 'string' ? { type: 'LineString', coordinates: decodePolyline(coded, precision) } : coded;
	return { ...body, matchings: matchings.map((one) => ({ ...one, geometry: line(one.geometry) })) };
}

/** The recorded request gives what the client needs: GeoJSON with steps for a route, all pairs for a table. */
function isAnswerTo(asked: URL, had: URL): boolean {
	if (asked.pathname.startsWith('/route'))
		return had.searchParams.get('geometries') === 'geojson' && had.searchParams.get('steps') === 'true';
	if (asked.pathname.startsWith('/table'))
		return had.searchParams.get('annotations') === 'duration,distance' && !had.searchParams.has('sources');
	return true;
}

async function compare(
	state: string,
	{ request, status, body }: Recorded,
	roads: Roads,
	closures: { id: string; rain: { mm: number } }[],
): Promise<void> {
	const url = new URL(request, 'http://localhost');
	const [, service, , , list] = decodeURIComponent(url.pathname).split('/');
	const places = (list ?? '').split(';').map((text) => text.split(',').map(Number) as unknown as Place);
	const what = `${state} ${service ?? ''} of ${places.length} places, ${body.code}`;
	const query = url.searchParams;
	try {
		if (service === 'nearest') {
			const [first] = await roads.nearest({ place: places[0]!, number: 3 });
			const [expected] = (body as unknown as { waypoints: { location: Place; name: string }[] }).waypoints;
			check(what, first!.location.join() === expected!.location.join() && first!.name === expected!.name, first);
		} else if (service === 'route' && query.get('geometries') === 'geojson') {
			const route = await roads.route({ places, steps: true, closures });
			const [expected] = (body as unknown as { routes: { distance: number; duration: number; legs: { steps: unknown[] }[] }[] })
				.routes;
			check(`${what}: distance`, route.distance === expected!.distance, route.distance);
			check(`${what}: duration`, Math.abs(route.duration - expected!.duration) < 0.11, route.duration);
			check(
				`${what}: steps`,
				route.legs.every((leg, i) => leg.steps.length === expected!.legs[i]!.steps.length),
			);
			check(
				`${what}: side`,
				route.legs.every((leg) => leg.steps.every((step) => step.driving_side === 'left')),
			);
			check(`${what}: geometry`, route.geometry.coordinates.length > 20, route.geometry.coordinates.length);
		} else if (service === 'table' && status === 200 && !query.has('sources') && places.length <= 50) {
			await compareTable(what, places, body, roads, closures);
		} else if (service === 'match') {
			const match = await roads.match({ trace: places.map((place, i) => ({ place, at: i * 5 })) });
			check(what, match.matchings.length > 0 === (status === 200), match.matchings.length);
		} else if (status !== 200 && body.code !== 'TooBig' && (service === 'route' || service === 'table')) {
			await roads[service]({ places, closures });
			check(what, false, 'it was not refused');
		}
	} catch (error) {
		if (!(error instanceof RoadsError)) throw error;
		const expected = { NoSegment: 'off-road', NoRoute: 'no-route' }[body.code] ?? 'invalid';
		check(`${what}: ${error.message}`, status !== 200 && error.fault === expected, error.fault);
	}
}

async function compareTable(
	what: string,
	places: Place[],
	body: Recorded['body'],
	roads: Roads,
	closures: { id: string; rain: { mm: number } }[],
): Promise<void> {
	const { durations, distances } = body as unknown as { durations: (number | null)[][]; distances: (number | null)[][] };
	const table = await roads.table({ places, closures });
	for (const [r, row] of durations.entries()) {
		for (const [c, duration] of row.entries()) {
			const at = r * places.length + c;
			const same = table.durations[at] === (duration ?? Infinity) && table.distances[at] === (distances[r]![c] ?? Infinity);
			check(`${what}: row ${r}, column ${c}`, same, [table.durations[at], duration]);
		}
	}
}
