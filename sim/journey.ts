/**
 * A van's day as plain data, and where the van is at a moment of it. The data cross to the emulator process once; both sides
 * then compute the same place from the same clock.
 */
import { pointAlong, type LonLat, type Region, type Round } from '@junkai/regions';
import { patientCases, type PatientCase } from './patient.ts';
import { noiseAt, randomFrom, seedOf, smoothNoise } from './random.ts';
import { placeOnDrive, type Drive, type RoadNetwork } from './road-network.ts';
import { altitudes } from './altitude.ts';

/** A patient attached to the devices, in seconds of the schedule. */
export interface Visit {
	from: number;
	to: number;
	case: PatientCase;
	seed: number;
}

export interface StopLeg {
	kind: 'stop';
	from: number;
	to: number;
	name: string;
	lat: number;
	lon: number;
	alt: number;
	visits: Visit[];
	/** Where on the road network it stands, for the signal; null when it is not known. */
	on: OnRoad | null;
}

/** A road edge, and the fraction of its length in its own direction. */
export interface OnRoad {
	edge: string;
	along: number;
}

export interface DriveLeg {
	kind: 'drive';
	from: number;
	to: number;
	/** Null where no road of the region is known. */
	edge: string | null;
	/** Fractions of the edge's length where the van enters and where it leaves. */
	along: [number, number];
	/** From where it enters to where it leaves. */
	line: LonLat[];
	speedKmh: number;
	/** Altitude where the van enters and where it leaves, m. */
	alt: [number, number];
	/** It begins or ends at a stop: the van speeds up or slows down. */
	starts: boolean;
	ends: boolean;
}

export type Leg = StopLeg | DriveLeg;

/** A day that repeats. Times of legs are seconds of the schedule; it runs `speedUp` times as fast as the clock. */
export interface DayPlan {
	seed: number;
	/** Id of the round; null on a planned route. */
	round: string | null;
	/** Real time at which the schedule stood at `offset`, ms since 1970. */
	startedAt: number;
	offset: number;
	speedUp: number;
	period: number;
	legs: Leg[];
}

export interface VanPlace {
	lat: number;
	lon: number;
	/** Metres above sea level. */
	alt: number;
	/** Over ground, m/s: the road's speed, however fast the schedule runs. */
	speed: number;
	/** Degrees from true north. */
	track: number;
	/** Where it is on the road network. */
	on: OnRoad | null;
	/** Name of the stop; null on the way. */
	stop: string | null;
	visit: Visit | null;
	/** Real time at which the visit began, ms since 1970. */
	visitSince: number;
	/** Times that the day has begun anew. */
	lap: number;
}

/** Where a road ends that was driven, as a place for the stop behind it. */
const endOf = (leg: Leg | undefined): OnRoad | null =>
	leg?.kind === 'drive' && leg.edge !== null ? { edge: leg.edge, along: leg.along[1] } : null;

const VISIT_SECONDS = 14 * 60;
const BETWEEN_VISITS = 90;
const VISITS_A_STOP = 3;
const AT_BASE = 10 * 60;
const RAMP_SECONDS = 8;

/** Plans the day of one van on a round. Deterministic for the seed. @throws {SimError} when roads do not lead there. */
export function planDay(options: {
	region: Region;
	network: RoadNetwork;
	round: Round;
	seed: number;
	startedAt: number;
	speedUp: number;
}): DayPlan {
	const { region, network, round, seed } = options;
	const random = randomFrom(seed);
	const altitude = altitudes(region);
	const base = region.facilities.find((f) => f.id === round.base)!;
	const stops = round.stops.map((id) => region.settlements.find((s) => s.id === id)!);
	const legs: Leg[] = [];
	let time = 0;
	let at: { lat: number; lon: number } = base;
	const drive = (to: { lat: number; lon: number }) => {
		const { drives } = network.path(at, to);
		drives.forEach((d, i) => {
			legs.push(driveLeg(d, time, altitude, i === 0, i === drives.length - 1));
			time += d.seconds;
		});
		at = to;
	};
	for (const stop of stops) {
		drive(stop);
		const leg = { ...stopLeg(stop.stop ?? stop.name, stop, time, altitude, random, seed), on: endOf(legs.at(-1)) };
		legs.push(leg);
		time = leg.to;
	}
	drive(base);
	const rest = { kind: 'stop' as const, from: time, to: time + AT_BASE, name: base.name, lat: base.lat, lon: base.lon };
	legs.push({ ...rest, alt: altitude([base.lon, base.lat]), visits: [], on: endOf(legs.at(-1)) });
	const { startedAt, speedUp } = options;
	return { seed, round: round.id, startedAt, offset: 0, speedUp, period: time + AT_BASE, legs };
}

function driveLeg(drive: Drive, from: number, altitude: (at: LonLat) => number, starts: boolean, ends: boolean): DriveLeg {
	const { road, reverse, seconds } = drive;
	const alt: [number, number] = [altitude(placeOnDrive(drive, 0).point), altitude(placeOnDrive(drive, 1).point)];
	return {
		kind: 'drive',
		from,
		to: from + seconds,
		edge: road.id,
		along: reverse ? [1, 0] : [0, 1],
		line: reverse ? road.line.toReversed() : road.line,
		speedKmh: road.speedKmh,
		alt,
		starts,
		ends,
	};
}

function stopLeg(
	name: string,
	at: { lat: number; lon: number },
	from: number,
	altitude: (at: LonLat) => number,
	random: () => number,
	seed: number,
): Omit<StopLeg, 'on'> {
	const visits: Visit[] = [];
	let time = from + 60;
	for (let i = 0; i < VISITS_A_STOP; i++) {
		const length = VISIT_SECONDS * (0.85 + 0.3 * random());
		const patientCase = patientCases[Math.floor(random() * patientCases.length)]!;
		visits.push({ from: time, to: time + length, case: patientCase, seed: seedOf(seed, from, i) });
		time += length + BETWEEN_VISITS;
	}
	return { kind: 'stop', from, to: time, name, lat: at.lat, lon: at.lon, alt: altitude([at.lon, at.lat]), visits };
}

/** Where the van is at a moment (ms since 1970). */
export function vanAt(plan: DayPlan, now: number): VanPlace {
	const total = plan.offset + ((now - plan.startedAt) / 1000) * plan.speedUp;
	const lap = Math.floor(total / plan.period);
	const time = total - lap * plan.period;
	const leg = legAt(plan.legs, time);
	return leg.kind === 'stop' ? standing(plan, leg, now, time, lap) : driving(plan, leg, now, time, lap);
}

function standing(plan: DayPlan, leg: StopLeg, now: number, time: number, lap: number): VanPlace {
	const visit = leg.visits.find((v) => time >= v.from && time < v.to) ?? null;
	const seconds = now / 1000;
	// A receiver at rest wanders by a metre or two.
	const metre = 1 / 111_000;
	return {
		lat: leg.lat + smoothNoise(plan.seed, seconds / 20) * 1.2 * metre,
		lon: leg.lon + smoothNoise(plan.seed + 1, seconds / 20) * 1.2 * metre,
		alt: leg.alt + smoothNoise(plan.seed + 2, seconds / 30) * 2,
		speed: 0,
		track: 0,
		on: leg.on,
		stop: leg.name,
		visit,
		visitSince: visit ? plan.startedAt + ((visit.from + lap * plan.period - plan.offset) / plan.speedUp) * 1000 : 0,
		lap,
	};
}

function driving(plan: DayPlan, leg: DriveLeg, now: number, time: number, lap: number): VanPlace {
	const fraction = (time - leg.from) / (leg.to - leg.from);
	const { point, course } = pointAlong(leg.line, fraction);
	const ramp = Math.min(leg.starts ? (time - leg.from) / RAMP_SECONDS : 1, leg.ends ? (leg.to - time) / RAMP_SECONDS : 1, 1);
	const variation = 1 + 0.07 * smoothNoise(plan.seed + 3, now / 7000) + 0.01 * noiseAt(plan.seed + 4, Math.floor(now / 1000));
	return {
		lat: point[1],
		lon: point[0],
		alt: leg.alt[0] + (leg.alt[1] - leg.alt[0]) * fraction + smoothNoise(plan.seed + 2, now / 30_000) * 3,
		speed: (leg.speedKmh / 3.6) * variation * Math.max(0.15, ramp),
		track: course,
		on: leg.edge === null ? null : { edge: leg.edge, along: leg.along[0] + (leg.along[1] - leg.along[0]) * fraction },
		stop: null,
		visit: null,
		visitSince: 0,
		lap,
	};
}

function legAt(legs: readonly Leg[], time: number): Leg {
	let [low, high] = [0, legs.length - 1];
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (legs[middle]!.from <= time) low = middle;
		else high = middle - 1;
	}
	return legs[low]!;
}

/** The same day, begun at another moment of its schedule. */
export const startAt = (plan: DayPlan, offset: number): DayPlan => ({
	...plan,
	offset: ((offset % plan.period) + plan.period) % plan.period,
});

/** When the first visit of the day begins, in seconds of the schedule. */
export function firstVisit(plan: DayPlan): number {
	for (const leg of plan.legs) if (leg.kind === 'stop' && leg.visits[0]) return leg.visits[0].from;
	return 0;
}
