/** The rules by which alerts come about: each says what it finds now. None of them names a patient or a measured value. */
import type {
	Alert,
	DoctorRecord,
	PlannedRoute,
	PlannedVisit,
	PublishedPlan,
	ResourceConflict,
	Vehicle,
	VehicleEstimate,
	VehicleId,
} from '@junkai/contracts';
import type { Finding } from '../alerts/book.ts';
import type { LedgerEntry } from '../ledger/store.ts';
import type { ManifestState } from '../publication-store.ts';
import type { Stretch } from '../ways/line-index.ts';
import { thresholds } from './thresholds.ts';

/** The day as it stands at one moment. Service time, unless it says otherwise. */
export interface DayNow {
	readonly now: number;
	/** Wall clock. */
	readonly wall: number;
	/** Service seconds in a second of the wall clock. */
	readonly speed: number;
	readonly plan: PublishedPlan | null;
	readonly estimate: (vehicle: VehicleId) => VehicleEstimate | undefined;
	readonly vehicle: (vehicle: VehicleId) => Vehicle | null;
	readonly entry: (visit: number) => LedgerEntry | undefined;
	readonly isCancelled: (visit: number) => boolean;
	readonly manifest: (vehicle: VehicleId) => ManifestState | null;
	readonly closedOn: (vehicle: VehicleId, stop: number) => readonly Stretch[];
	readonly silentOn: (vehicle: VehicleId, stop: number) => readonly Stretch[];
	/** How far a van has come on the way to its next stop, 0 to 1. */
	readonly share: (vehicle: VehicleId) => number;
	readonly doctor: (id: number) => DoctorRecord | undefined;
	readonly conflicts: readonly ResourceConflict[];
	/** The name on the wire of a vehicle of the fleet. */
	readonly vehicleOf: (record: number) => VehicleId | undefined;
}

export type Rule = (day: DayNow, route: PlannedRoute) => Finding[];
type Urgency = Alert['urgency'];

const MINUTE = 60_000;
const minutes = (ms: number): number => Math.round(ms / MINUTE);
const level = (value: number, high: number): Urgency => (value >= high ? 'high' : 'medium');

const isWorking = (route: PlannedRoute): boolean => route.stops.some(({ kind }) => kind === 'visits');
/** The van is, or ought to be, on its route. */
export function isOnDuty(route: PlannedRoute, now: number, before: number): boolean {
	const [first, last] = [route.stops[0]!, route.stops.at(-1)!];
	const isBack = route.next === route.stops.length - 1 && route.reached;
	return (
		isWorking(route) &&
		now > first.departure - before * MINUTE &&
		!(isBack && now > first.departure) &&
		now < last.arrival + 180 * MINUTE
	);
}

/** No word of a van. In a valley that is known to be without signal that is to be expected. */
export const vehicleSilent: Rule = (day, route) => {
	const { silent } = thresholds;
	const { vehicle } = route;
	const heard = day.vehicle(vehicle)?.link.lastSeen ?? null;
	if (!isOnDuty(route, day.now, 0)) return [];
	// Silence counts from when it was to leave: in the night a van is off.
	const since = day.now - route.stops[0]!.departure;
	const wall = heard === null ? since / day.speed : day.wall - heard;
	const quiet = Math.min(wall * day.speed, since);
	if (quiet < silent.begin * MINUTE || wall < silent.wallSeconds * 1000) return [];
	const gap = gapAhead(day, route, quiet);
	const urgency = gap ? 'low' : level(quiet, silent.high * MINUTE);
	return [{ kind: 'vehicle-silent', subject: vehicle, firm: true, urgency, vehicle, minutes: minutes(quiet), detail: gap }];
};

/** Name of a valley without signal in which the van can be by now. */
function gapAhead(day: DayNow, { vehicle, stops, next, reached }: PlannedRoute, quiet: number): string | null {
	const at = reached ? 1 : day.share(vehicle);
	const drive = (stops[next]?.way?.duration ?? 0) * 1000;
	const reach = reached || drive === 0 ? 1 : Math.min(1, at + (1.5 * quiet) / drive);
	// It may stand a little before, or have come further than it was last heard of.
	const hit = day.silentOn(vehicle, next).find(({ from, to }) => to >= at - 0.03 && from <= reach + 0.03);
	const following = !hit && (reached || reach === 1) ? day.silentOn(vehicle, next + 1)[0] : undefined;
	return hit?.name ?? following?.name ?? null;
}

export const vehicleOffRoute: Rule = (day, { vehicle }) => {
	const estimate = day.estimate(vehicle);
	if (!estimate?.offRoute) return [];
	return [{ kind: 'vehicle-off-route', subject: vehicle, firm: true, urgency: 'medium', vehicle }];
};

/** One alert a van: about the first visit that will be late, with the longest delay of them. */
export const stopLate: Rule = (day, route) => {
	const { begin, end, high, ahead } = thresholds.stopLate;
	const { vehicle, stops } = route;
	const late = (day.estimate(vehicle)?.stops ?? []).filter(
		({ stop, state, late: by, eta }) =>
			stops[stop]!.visits.some(({ visit }) => !day.isCancelled(visit)) &&
			(state === 'next' || state === 'later') &&
			by >= end * 60 &&
			eta < day.now + ahead * MINUTE,
	);
	const [first] = late;
	if (!first) return [];
	const worst = Math.max(...late.map((one) => one.late)) / 60;
	return [
		{
			kind: 'stop-late',
			subject: vehicle,
			vehicle,
			firm: worst >= begin,
			urgency: level(worst, high),
			visit: stops[first.stop]!.visits.find(({ visit }) => !day.isCancelled(visit))?.visit ?? null,
			at: stops[first.stop]!.arrival,
			minutes: Math.round(worst),
		},
	];
};

export const consultLate: Rule = (day, { vehicle }) => {
	const { begin, end, high, ahead } = thresholds.consultLate;
	return (day.estimate(vehicle)?.consults ?? []).flatMap(({ visit, doctor, planned, eta, state }): Finding[] => {
		const late = (eta - planned) / MINUTE;
		if (state !== 'later' || late < end || planned > day.now + ahead * MINUTE) return [];
		const subject = String(visit);
		const urgency = level(late, high);
		return [
			{
				kind: 'consult-late',
				subject,
				vehicle,
				visit,
				doctor,
				firm: late >= begin,
				urgency,
				at: planned,
				minutes: Math.round(late),
			},
		];
	});
};

/** One alert a doctor and van. */
export const doctorWaits: Rule = (day, { vehicle }) => {
	const { begin, end, high, ahead } = thresholds.doctorWaits;
	const found = new Map<number, Finding>();
	for (const { visit, doctor, planned, doctorWait, state } of day.estimate(vehicle)?.consults ?? []) {
		const wait = doctorWait / 60;
		if (state !== 'later' || wait < end || planned > day.now + ahead * MINUTE || found.has(doctor)) continue;
		const subject = `${doctor} ${vehicle}`;
		const figures = { at: planned, minutes: Math.round(wait) };
		found.set(doctor, {
			kind: 'doctor-waits',
			subject,
			vehicle,
			visit,
			doctor,
			firm: wait >= begin,
			urgency: level(wait, high),
			...figures,
		});
	}
	return [...found.values()];
};

/** Known only where the records say that the doctor is away, or the crew did: whether one has joined is not known here. */
export const doctorNotJoined: Rule = (day, { vehicle, stops }) =>
	stops
		.flatMap(({ visits }) => visits)
		.flatMap((visit): Finding[] => {
			const { consult } = visit;
			if (!consult || day.isCancelled(visit.visit)) return [];
			const entry = day.entry(visit.visit);
			const told = entry?.state === 'not-done' && entry.reason === 'doctor-absent';
			if (!told && !isAwayFor(day, visit, entry)) return [];
			const facts = { vehicle, visit: visit.visit, doctor: consult.doctor, at: consult.from };
			return [{ kind: 'doctor-not-joined', subject: String(visit.visit), firm: true, urgency: 'high', ...facts }];
		});

function isAwayFor({ now, doctor }: DayNow, { consult }: PlannedVisit, entry: LedgerEntry | undefined): boolean {
	const { ahead, over } = thresholds.doctorAway;
	if (!consult || entry?.state === 'done' || entry?.state === 'not-done') return false;
	if (now < consult.from - ahead * MINUTE || now > consult.to + over * MINUTE) return false;
	return doctor(consult.doctor)?.absences.some(({ from, until }) => from <= now && now < until) ?? false;
}

export const deviceLost: Rule = (day, route) => {
	const { vehicle } = route;
	const view = day.vehicle(vehicle);
	if (!view || view.link.state !== 'online' || !isOnDuty(route, day.now, thresholds.silent.before)) return [];
	const { wallSeconds } = thresholds.deviceLost;
	const underWay = route.stops[route.next]?.visits.some(({ visit }) => day.entry(visit)?.state === 'under-way') ?? false;
	return view.devices.flatMap(({ port, label, state, since }): Finding[] => {
		if (state !== 'lost' || day.wall - since < wallSeconds * 1000) return [];
		const subject = `${vehicle} ${port}`;
		return [{ kind: 'device-lost', subject, vehicle, firm: true, urgency: underWay ? 'high' : 'low', detail: label }];
	});
};

/** Of any van, on a route or not: what it has recorded is not safe yet. */
export const spoolFilling = (day: DayNow, vehicle: VehicleId): Finding[] => {
	const { begin, end, high } = thresholds.spool;
	const spool = day.vehicle(vehicle)?.spool;
	if (!spool || spool.free === undefined) return [];
	const left = spool.free / Math.max(1, spool.free + spool.bytes);
	if (left >= end) return [];
	const urgency = left < high ? 'high' : 'medium';
	return [{ kind: 'spool-filling', subject: vehicle, vehicle, firm: left < begin, urgency, detail: `${Math.round(left * 100)} %` }];
};

export const manifestNotReceived: Rule = (day, route) => {
	const { begin, wallSeconds, high, before } = thresholds.manifest;
	const { vehicle } = route;
	const state = day.manifest(vehicle);
	if (!state || state.sent === null || state.received !== null || !isOnDuty(route, day.now, before)) return [];
	const waited = day.now - state.sent;
	if (waited < begin * MINUTE || waited < wallSeconds * 1000 * day.speed) return [];
	const urgency = level(waited, high * MINUTE);
	return [{ kind: 'manifest-not-received', subject: vehicle, vehicle, firm: true, urgency, minutes: minutes(waited) }];
};

/** The first closed stretch that a van has still to drive. */
export const roadClosedAhead: Rule = (day, { vehicle, stops, next, reached }) => {
	for (let at = reached ? next + 1 : next; at < stops.length; at++) {
		const passed = at === next ? day.share(vehicle) : 0;
		const stretch = day.closedOn(vehicle, at).find(({ to }) => to > passed);
		if (!stretch) continue;
		const estimate = day.estimate(vehicle)?.stops;
		const left = at === next ? day.now : (estimate?.find(({ stop }) => stop === at - 1)?.departure ?? stops[at - 1]!.departure);
		const there = left + Math.max(0, stretch.from - passed) * (stops[at]!.way?.duration ?? 0) * 1000;
		const urgency = there < day.now + thresholds.roadClosed.high * MINUTE ? 'high' : 'medium';
		const visit = stops.slice(at).find(({ visits }) => visits.length > 0)?.visits[0]?.visit ?? null;
		const facts = { vehicle, visit, at: Math.round(Math.max(there, day.now)), detail: stretch.name };
		return [{ kind: 'road-closed-ahead', subject: vehicle, firm: true, urgency, ...facts }];
	}
	return [];
};

/** What does not go together today, and cannot. */
export function resourceConflicts({ conflicts, vehicleOf }: DayNow): Finding[] {
	return conflicts
		.filter(({ severity }) => severity === 'error')
		.map(({ kind, about, minutes: by }) => {
			const one = (what: string): number | null => about.find((entry) => entry.kind === what)?.id ?? null;
			const vehicle = one('vehicle');
			return {
				kind: 'resource-conflict',
				subject: `${kind} ${about.map((entry) => `${entry.kind}-${entry.id}`).join(' ')}`,
				firm: true,
				urgency: 'medium',
				minutes: by,
				vehicle: vehicle === null ? null : (vehicleOf(vehicle) ?? null),
				visit: one('visit'),
				doctor: one('doctor'),
				detail: kind,
			};
		});
}

/** Each looks at one van that has a route today. */
export const vehicleRules: readonly Rule[] = [
	vehicleSilent,
	vehicleOffRoute,
	stopLate,
	consultLate,
	doctorWaits,
	doctorNotJoined,
	deviceLost,
	manifestNotReceived,
	roadClosedAhead,
];

/** Kinds that the rules decide on each time; the others come by events. */
export const ruledKinds: ReadonlySet<Alert['kind']> = new Set([
	'vehicle-silent',
	'vehicle-off-route',
	'stop-late',
	'consult-late',
	'doctor-waits',
	'doctor-not-joined',
	'device-lost',
	'spool-filling',
	'manifest-not-received',
	'road-closed-ahead',
	'resource-conflict',
]);
