/** A van's day on the route that a plan gives it: the plan's times, its ways on the road, its patients. */
import type { PlannedRoute, PlannedStop, PublishedPlan } from '@junkai/contracts';
import type { Coverage, LonLat, Region } from '@junkai/regions';
import { altitudes } from './altitude.ts';
import { EdgeFinder } from './edge-finder.ts';
import type { DayPlan, DriveLeg, Leg, OnRoad, Visit } from './journey.ts';
import { patientCases } from './patient.ts';
import { randomFrom, seedOf } from './random.ts';

/** The nurse attaches the devices so long after the visit begins and takes them off so long before it ends, s. */
const ATTACH = 45;
const DETACH = 30;
const FALLBACK_KMH = 40;
const FASTEST_KMH = 100;

export interface PlannedDays {
	/** The day of one route of a plan. */
	dayOf(plan: Pick<PublishedPlan, 'from' | 'to'>, route: PlannedRoute, options: { seed: number; speedUp: number }): DayPlan;
}

/**
 * Plans are in times of the clock, schedules in seconds that run `speedUp` times as fast: a plan for a demonstration that runs
 * ten times as fast is itself so much shorter. The day begins anew when the plan has ended.
 */
export function plannedDays(region: Region, coverage: Coverage): PlannedDays {
	const finder = new EdgeFinder(region);
	const altitude = altitudes(region);
	const meeting = edgesByNode(region);
	/** The best signal of the roads that meet at a place is the place's own. */
	const standingOn = (came: OnRoad | null, at: LonLat | undefined): OnRoad | null => {
		const offered = at === undefined ? [] : (meeting.get(at.join()) ?? []);
		const rank = (on: OnRoad) => ['good', 'weak', 'none'].indexOf(coverage(on.edge, on.along).state);
		return [...(came ? [came] : []), ...offered].toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
	};
	return {
		dayOf(plan, route, { seed, speedUp }) {
			const schedule = (ms: number) => ((ms - plan.from) / 1000) * speedUp;
			const period = schedule(plan.to);
			const legs: Leg[] = [];
			for (const [index, stop] of route.stops.entries()) {
				const arrival = schedule(stop.arrival);
				const before = legs.at(-1);
				if (stop.way && before) legs.push(...drives(finder, stop.way.geometry.coordinates, before.to, arrival, altitude));
				const next = route.stops[index + 1];
				// Until the next drive begins, or the day ends, the van stands here.
				const to = next ? schedule(next.way ? stop.departure : next.arrival) : period;
				const from = index === 0 ? 0 : arrival;
				const last = legs.at(-1);
				const came = last?.kind === 'drive' ? endOf(last) : (last?.on ?? null);
				const place = standAt(stop, last, next);
				const visits = stop.visits.map((one) => visitOf(one, seed, schedule));
				legs.push({
					kind: 'stop',
					from,
					to: Math.max(from, to),
					name: stop.name.ja,
					lat: place[1],
					lon: place[0],
					alt: altitude(place),
					visits,
					on: standingOn(came, stop.location),
				});
			}
			return { seed, round: null, startedAt: plan.from, offset: 0, speedUp, period, legs: legs.filter((leg) => leg.to > leg.from) };
		},
	};
}

/** On the road where its way ends or begins: the doors of a hospital lie off it. */
function standAt(stop: PlannedStop, last: Leg | undefined, next: PlannedStop | undefined): LonLat {
	if (stop.way) return stop.way.geometry.coordinates.at(-1)!;
	if (last?.kind === 'stop') return [last.lon, last.lat];
	return next?.way?.geometry.coordinates[0] ?? stop.location;
}

const endOf = (leg: DriveLeg): OnRoad | null => (leg.edge === null ? null : { edge: leg.edge, along: leg.along[1] });

function visitOf(visit: PlannedStop['visits'][number], seed: number, schedule: (ms: number) => number): Visit {
	const [from, to] = [schedule(visit.from), schedule(visit.to)];
	const random = randomFrom(seedOf(seed, 'visit', visit.visit));
	const attached = Math.min(ATTACH, (to - from) / 4);
	return {
		from: from + attached,
		to: Math.max(from + attached + 1, to - DETACH),
		case: patientCases[Math.floor(random() * patientCases.length)]!,
		seed: seedOf(seed, 'patient', visit.visit),
	};
}

/** A way as drives on the roads that it follows; the plan's time is shared out by the roads' own times. */
function drives(
	finder: EdgeFinder,
	way: readonly LonLat[],
	from: number,
	to: number,
	altitude: (at: LonLat) => number,
): DriveLeg[] {
	const stretches = finder.stretches(way).map((stretch) => {
		const { road, along } = stretch;
		const hours = road ? (road.km * Math.abs(along[1] - along[0])) / road.speedKmh : 0;
		return { ...stretch, seconds: Math.max(hours * 3600, 0.01) };
	});
	const total = stretches.reduce((sum, { seconds }) => sum + seconds, 0);
	const slower = (to - from) / total;
	let time = from;
	return stretches.map(({ road, along, line, seconds }, index): DriveLeg => {
		const began = time;
		time = index === stretches.length - 1 ? to : time + seconds * slower;
		return {
			kind: 'drive',
			from: began,
			to: time,
			edge: road?.id ?? null,
			along,
			line,
			speedKmh: Math.min(FASTEST_KMH, (road?.speedKmh ?? FALLBACK_KMH) / slower),
			alt: [altitude(line[0]!), altitude(line.at(-1)!)],
			starts: index === 0,
			ends: index === stretches.length - 1,
		};
	});
}

function edgesByNode(region: Region): Map<string, OnRoad[]> {
	const nodes = new Map<string, OnRoad[]>();
	for (const { id, line } of region.roads) {
		for (const [node, along] of [
			[line[0]!, 0],
			[line.at(-1)!, 1],
		] as const) {
			const list = nodes.get(node.join()) ?? [];
			list.push({ edge: id, along });
			nodes.set(node.join(), list);
		}
	}
	return nodes;
}
