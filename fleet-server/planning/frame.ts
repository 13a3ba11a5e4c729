/** What a plan in the making keeps beside its solution, so that it can be drawn, measured and changed without the records. */
import type { BlockingRule, CalendarDate, EquipmentKind, Specialty, UnassignedReason } from '@junkai/contracts';
import type { Bilingual, Frame, FrameVisit } from '../dispatch/frame.ts';

export interface PlanningVisit extends FrameVisit {
	readonly patient: number;
	/** Id of the municipality. */
	readonly municipality: string;
	/** That a van needs for it. */
	readonly equipment: readonly EquipmentKind[];
	/** Of the doctor who joins; null when the nurse is enough. */
	readonly specialty: Specialty | null;
	/** Days of the plan on which it may be made; in order, at least one. */
	readonly dates: readonly CalendarDate[];
	/** Latest start that the patient accepts on the last of `dates`, seconds; null: whenever vans drive. */
	readonly before: number | null;
	/** Hours that the patient likes, on each of `dates` in order, seconds; empty when any hour will do. */
	readonly likes: readonly (readonly [from: number, until: number])[];
	/** Why it is no job of the problem; null when it is one. */
	readonly withheld: UnassignedReason['withheld'];
}

/** An appointment of the plan that held when this one was begun. */
export interface Promised {
	readonly visit: number;
	readonly vehicle: string;
	readonly date: CalendarDate;
	/** Begin, seconds. */
	readonly from: number;
	readonly doctor: number | null;
}

export interface PlanningFrame extends Frame {
	readonly dates: readonly CalendarDate[];
	/** Of each date its first and last moment, seconds. */
	readonly days: readonly (readonly [from: number, until: number])[];
	readonly visits: readonly PlanningVisit[];
	readonly promised: readonly Promised[];
	/** Names of the municipalities of the visits. */
	readonly municipalities: Readonly<Record<string, Bilingual>>;
	/** Set for a mend: when it begins, seconds. */
	readonly now: number | null;
}

/** The rule by which a draft names a visit that was not given to the planner. */
export const withheldRules: Readonly<Record<NonNullable<PlanningVisit['withheld']>, BlockingRule>> = {
	'no-consent': 'doctor_missing',
	'no-such-doctor': 'doctor_missing',
	'off-road': 'no_way',
};
