/** Whether people would see an estimate to be another one. */
import type { VehicleEstimate } from '@junkai/contracts';

/** ETAs are shown in minutes. */
const APART_MS = 30_000;
/** Bounds move with every second that passes; they are told when they move by more. */
const BOUNDS_APART_MS = 120_000;
/** Waits are in seconds. */
const WAIT_APART = 30;

const apart = (a: number, b: number, by: number): boolean => Math.abs(a - b) >= by;

interface Times {
	readonly eta: number;
	readonly low: number;
	readonly high: number;
}
const timesApart = (a: Times, b: Times): boolean =>
	apart(a.eta, b.eta, APART_MS) || apart(a.low, b.low, BOUNDS_APART_MS) || apart(a.high, b.high, BOUNDS_APART_MS);

export function visiblyOther(before: VehicleEstimate, after: VehicleEstimate): boolean {
	return (
		before.basis !== after.basis ||
		before.offRoute !== after.offRoute ||
		before.stops.length !== after.stops.length ||
		before.consults.length !== after.consults.length ||
		after.stops.some((stop, index) => {
			const old = before.stops[index]!;
			return stop.state !== old.state || timesApart(stop, old) || apart(stop.departure, old.departure, APART_MS);
		}) ||
		after.consults.some((consult, index) => {
			const old = before.consults[index]!;
			return (
				consult.visit !== old.visit ||
				consult.state !== old.state ||
				timesApart(consult, old) ||
				apart(consult.doctorWait, old.doctorWait, WAIT_APART) ||
				apart(consult.patientWait, old.patientWait, WAIT_APART)
			);
		})
	);
}
