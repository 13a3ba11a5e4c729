/** Reads Valhalla's routes: its OSRM-like answer, and its own for driven traces. */
import { z } from 'zod';
import { decodePolyline, pieces } from './geometry.ts';
import { unfold } from './network.ts';
import type { LineString, Match, Place, Route, RouteLeg, RouteStep, Waypoint } from './port.ts';
import { RoadsError } from './roads-error.ts';

const point = z.tuple([z.number(), z.number()]);
const step = z.object({
	distance: z.number(),
	duration: z.number(),
	name: z.string().optional(),
	ref: z.string().optional(),
	geometry: z.object({ coordinates: z.array(point).min(1) }),
	driving_side: z.enum(['left', 'right']).optional(),
	maneuver: z.object({
		type: z.string(),
		modifier: z.string().optional(),
		location: point,
		bearing_before: z.number(),
		bearing_after: z.number(),
	}),
	intersections: z.array(z.object({ location: point, duration: z.number().optional() })),
});
export const valhallaRoute = z.object({
	routes: z
		.array(
			z.object({
				distance: z.number(),
				duration: z.number(),
				legs: z.array(z.object({ distance: z.number(), duration: z.number(), summary: z.string(), steps: z.array(step).min(1) })),
			}),
		)
		.min(1),
});

/** A route as the port has it. `folded`: the map is a region's, whose lines are folded. */
export function routeFrom(
	answer: z.infer<typeof valhallaRoute>,
	waypoints: readonly Waypoint[],
	want: { steps: boolean; annotations: boolean },
	folded: boolean,
): Route {
	const route = answer.routes[0]!;
	const legs = route.legs.map((leg) => legFrom(leg, want, folded));
	return {
		distance: route.distance,
		duration: route.duration,
		geometry: joined(legs.map((leg) => leg.geometry)),
		legs,
		waypoints: [...waypoints],
	};
}

type AnsweredLeg = z.infer<typeof valhallaRoute>['routes'][number]['legs'][number];

function legFrom(leg: AnsweredLeg, want: { steps: boolean; annotations: boolean }, folded: boolean): RouteLeg {
	const line: Place[] = [];
	const [distances, durations]: [number[], number[]] = [[], []];
	for (const one of leg.steps) {
		const coordinates = one.geometry.coordinates;
		// Steps meet in a point that both have; the last one, the arrival, is that point twice.
		const add = line.length === 0 ? coordinates : coordinates.slice(1);
		const lengths = pieces(coordinates);
		const shares = timesOf(one, lengths);
		distances.push(...spread(one.distance, lengths));
		durations.push(...shares);
		line.push(...add);
	}
	const way = folded ? unfold(line, [distances, durations]) : { line, values: [distances, durations] };
	return {
		distance: leg.distance,
		duration: leg.duration,
		summary: leg.summary,
		geometry: lineString(way.line),
		steps: want.steps ? leg.steps.map((one) => stepFrom(one, folded)) : [],
		annotation: want.annotations ? { distance: way.values[0]!, duration: way.values[1]! } : null,
	};
}

/** A total over pieces, by their lengths. */
function spread(total: number, lengths: readonly number[]): number[] {
	const sum = lengths.reduce((a, b) => a + b, 0);
	return lengths.map((length) => (sum > 0 ? (total * length) / sum : total / lengths.length));
}

/** Duration of each piece of a step: the engine tells it from one intersection to the next, where the speed may change. */
function timesOf(one: z.infer<typeof step>, lengths: readonly number[]): number[] {
	const at = one.intersections.map(({ location: [lon, lat] }) =>
		one.geometry.coordinates.findIndex((p) => p[0] === lon && p[1] === lat),
	);
	const inOrder = at.every((index, i) => index >= 0 && (i === 0 || index > at[i - 1]!));
	const known = one.intersections.map(({ duration }) => duration);
	if (!inOrder || at[0] !== 0 || known.slice(0, -1).some((duration) => duration === undefined))
		return spread(one.duration, lengths);
	const raw: number[] = [];
	const given = known.slice(0, -1).reduce<number>((sum, duration) => sum + (duration ?? 0), 0);
	for (const [i, from] of at.entries()) {
		const to = at[i + 1] ?? lengths.length;
		const duration = i === at.length - 1 ? Math.max(0, one.duration - given) : (known[i] ?? 0);
		raw.push(...spread(duration, lengths.slice(from, to)));
	}
	return spread(one.duration, raw);
}

function stepFrom(one: z.infer<typeof step>, folded: boolean): RouteStep {
	const { coordinates } = one.geometry;
	return {
		distance: one.distance,
		duration: one.duration,
		name: one.name ?? '',
		ref: one.ref ?? null,
		geometry: lineString(folded ? unfold(coordinates).line : coordinates),
		driving_side: 'left',
		maneuver: {
			type: one.maneuver.type,
			modifier: one.maneuver.modifier ?? null,
			location: one.maneuver.location,
			bearing_before: one.maneuver.bearing_before,
			bearing_after: one.maneuver.bearing_after,
		},
	};
}

const trip = z.object({
	legs: z.array(z.object({ shape: z.string() })),
	summary: z.object({ length: z.number(), time: z.number() }),
});
const trace = z.object({ trip, alternates: z.array(z.object({ trip })).optional() });

/** Stretches of a matched trace. A gap splits it: the first stands in `trip`, the others in `alternates`. */
export function valhallaTrace(body: string, folded: boolean): Match['matchings'] {
	const parsed = trace.safeParse(JSON.parse(body));
	if (!parsed.success) throw new RoadsError('answer', "the road engine's answer to a trace is not understood");
	return [parsed.data, ...(parsed.data.alternates ?? [])].map(({ trip: one }) => {
		const lines = one.legs.map(({ shape }) => decodePolyline(shape, 6));
		return {
			distance: one.summary.length * 1000,
			duration: one.summary.time,
			geometry: joined(lines.map((line) => lineString(folded ? unfold(line).line : line))),
		};
	});
}

export const lineString = (coordinates: Place[]): LineString => ({ type: 'LineString', coordinates });

/** Lines one after the other, each beginning where the one before ends. */
export function joined(lines: readonly LineString[]): LineString {
	const coordinates: Place[] = [];
	for (const { coordinates: part } of lines) {
		const last = coordinates.at(-1);
		const first = part[0];
		const same = last && first && last[0] === first[0] && last[1] === first[1];
		coordinates.push(...(same ? part.slice(1) : part));
	}
	return lineString(coordinates);
}
