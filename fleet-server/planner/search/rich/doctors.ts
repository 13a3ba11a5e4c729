/** When doctors are free: their hours less what is booked for other vehicles. */
import { type Model, NEVER } from '../../model/model.ts';

export interface Doctors {
	/** Changes whenever a booking does. */
	readonly version: number;
	/** Earliest time from `time` on at which `doctor` is free for `duration` as far as other vehicles go; NEVER. */
	next(doctor: number, vehicle: number, time: number, duration: number): number;
	/** Latest such time not after `time`; −1. */
	previous(doctor: number, vehicle: number, time: number, duration: number): number;
	/** Whether no other vehicle has the doctor then, whatever the hours. */
	clear(doctor: number, vehicle: number, time: number, duration: number): boolean;
	book(doctor: number, vehicle: number, task: number, start: number, end: number): void;
	/** Takes back all bookings of a vehicle. */
	release(vehicle: number): void;
	/** When a doctor is free as far as other vehicles go, in order. */
	gaps(doctor: number, vehicle: number): (readonly [from: number, to: number])[];
	/** Tasks booked with a doctor, in order. */
	tasks(doctor: number): readonly number[];
}

interface Diary {
	readonly starts: number[];
	readonly ends: number[];
	readonly vehicles: number[];
	readonly tasks: number[];
}

export function createDoctors({ doctors, doctorHours: { at, open, close } }: Model): Doctors {
	const diaries: Diary[] = Array.from({ length: doctors }, () => ({ starts: [], ends: [], vehicles: [], tasks: [] }));
	let version = 0;

	/** Bookings do not overlap, so all before this one have ended by `time` (one more is looked at, for cut seconds). */
	function firstNear(starts: readonly number[], time: number): number {
		let low = 0;
		let high = starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (starts[middle]! <= time) low = middle + 1;
			else high = middle;
		}
		return low > 2 ? low - 2 : 0;
	}

	function next(doctor: number, vehicle: number, time: number, duration: number): number {
		const { starts, ends, vehicles } = diaries[doctor]!;
		const count = starts.length;
		let i = firstNear(starts, time);
		let start = time;
		for (let w = at[doctor]!; w < at[doctor + 1]!; w++) {
			if (close[w]! < start + duration) continue;
			if (open[w]! > start) start = open[w]!;
			for (; i < count && starts[i]! < start + duration; i++) {
				if (ends[i]! > start && vehicles[i] !== vehicle) start = ends[i]!;
			}
			if (start + duration <= close[w]!) return start;
		}
		return NEVER;
	}

	function previous(doctor: number, vehicle: number, time: number, duration: number): number {
		const { starts, ends, vehicles } = diaries[doctor]!;
		let i = Math.min(starts.length - 1, firstNear(starts, time + duration) + 2);
		let start = time;
		for (let w = at[doctor + 1]! - 1; w >= at[doctor]!; w--) {
			if (open[w]! > start) continue;
			if (close[w]! < start + duration) start = close[w]! - duration;
			for (; i >= 0 && ends[i]! > start; i--) {
				if (starts[i]! < start + duration && vehicles[i] !== vehicle) start = starts[i]! - duration;
			}
			if (start >= open[w]!) return start;
		}
		return -1;
	}

	function gaps(doctor: number, vehicle: number): (readonly [number, number])[] {
		const { starts, ends, vehicles } = diaries[doctor]!;
		const free: (readonly [number, number])[] = [];
		for (let w = at[doctor]!; w < at[doctor + 1]!; w++) {
			let from = open[w]!;
			for (let i = 0; i < starts.length; i++) {
				if (vehicles[i] === vehicle || ends[i]! <= from) continue;
				if (starts[i]! > close[w]!) break;
				if (starts[i]! > from) free.push([from, starts[i]!]);
				from = ends[i]!;
			}
			if (from < close[w]!) free.push([from, close[w]!]);
		}
		return free;
	}

	return {
		gaps,
		get version() {
			return version;
		},
		next,
		previous,
		clear(doctor, vehicle, time, duration) {
			const { starts, ends, vehicles } = diaries[doctor]!;
			return starts.every((start, i) => vehicles[i] === vehicle || start >= time + duration || ends[i]! <= time);
		},
		book(doctor, vehicle, task, start, end) {
			const diary = diaries[doctor]!;
			let i = diary.starts.length;
			while (i > 0 && diary.starts[i - 1]! > start) i--;
			diary.starts.splice(i, 0, start);
			diary.ends.splice(i, 0, end);
			diary.vehicles.splice(i, 0, vehicle);
			diary.tasks.splice(i, 0, task);
			version++;
		},
		release(vehicle) {
			for (const diary of diaries) {
				for (let i = diary.starts.length - 1; i >= 0; i--) {
					if (diary.vehicles[i] !== vehicle) continue;
					diary.starts.splice(i, 1);
					diary.ends.splice(i, 1);
					diary.vehicles.splice(i, 1);
					diary.tasks.splice(i, 1);
					version++;
				}
			}
		},
		tasks: (doctor) => diaries[doctor]!.tasks,
	};
}
