/**
 * A planning problem and what its numbers mean: everything that is needed to draw its plan without looking at records again. Plain
 * data, kept with each plan. A job of the problem has the number of its visit, a doctor that of the record; a vehicle of the problem
 * is a van in one shift on one day. Times are whole seconds of the clock that the problem runs on.
 */
import type { CareNeed, PlannedStop, PlanProblemInput, Specialty } from '@junkai/contracts';
import type { Closure, Place, VehicleClass, VehicleProfile } from '../roads/port.ts';

export interface Bilingual {
	readonly ja: string;
	readonly en: string;
}

/** A place of the problem, in words. */
export interface Spot {
	readonly location: Place;
	readonly name: Bilingual;
	readonly municipality: Bilingual | null;
}

export interface FrameVehicle {
	/** In the problem. */
	readonly id: number;
	/** In the fleet: `van-1`. */
	readonly vehicle: string;
	/** Place of its base in `spots`. */
	readonly base: number;
	/** In the time zone of the region; empty for a day without a date. */
	readonly date: string;
	/** When the crew works, seconds. */
	readonly hours: readonly [from: number, until: number];
	readonly driver: string | null;
	readonly nurse: string | null;
	/** Stops that it has made, or is making, before the problem begins. */
	readonly begun?: Begun;
}

/** What of a route was driven before the rest of the day is planned anew. */
export interface Begun {
	readonly stops: readonly PlannedStop[];
	/** Of `stops`; the length of it when the van is on its way to the first stop that is planned. */
	readonly next: number;
	readonly reached: boolean;
	/** Metres driven on the way to a stop that is not reached yet. */
	readonly driven: number;
	/** It leaves a closed road by this way before the plan's first leg. */
	readonly exit?: { readonly coordinates: readonly Place[]; readonly distance: number; readonly duration: number };
	/** False: it goes nowhere from here (broken down). */
	readonly goesOn: boolean;
}

export interface FrameDoctor {
	readonly id: number;
	readonly name: Bilingual;
	readonly specialties: readonly Specialty[];
	/** Seconds; in order. */
	readonly hours: readonly (readonly [from: number, until: number])[];
}

export interface FrameVisit {
	/** Number of the visit, and of its job. */
	readonly id: number;
	readonly need: CareNeed;
	/** In `spots`. */
	readonly spot: number;
}

/** How the roads are asked for a profile of the problem. */
export interface RoadProfile {
	readonly vehicle: VehicleClass | VehicleProfile;
	readonly closures: readonly Closure[];
}

export interface Frame {
	/** Without matrices. Places by `location_index` into `spots`. */
	readonly problem: PlanProblemInput;
	readonly spots: readonly Spot[];
	readonly profiles: Readonly<Record<string, RoadProfile>>;
	readonly vehicles: readonly FrameVehicle[];
	readonly doctors: readonly FrameDoctor[];
	/** All that could be made in these days, also those that are not jobs of the problem. */
	readonly visits: readonly FrameVisit[];
}

/** Matrices of a problem, by profile. */
export type Matrices = NonNullable<PlanProblemInput['matrices']>;
