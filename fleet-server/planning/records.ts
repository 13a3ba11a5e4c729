/** The records that a plan is made of, as plain data: nothing here asks a database. */
import type {
	CalendarDate,
	DoctorRecord,
	FleetVehicle,
	Patient,
	RoadClosure,
	Shift,
	StaffMember,
	Visit,
	VisitRequest,
} from '@junkai/contracts';

export interface PlanningRecords {
	readonly fleet: readonly FleetVehicle[];
	readonly staff: readonly StaffMember[];
	readonly shifts: readonly Shift[];
	readonly doctors: readonly DoctorRecord[];
	/** Visits that may be made or are planned in these days, in any state. */
	readonly visits: readonly Visit[];
	/** Of these visits; more do no harm. */
	readonly requests: readonly VisitRequest[];
	readonly patients: readonly PatientFacts[];
	readonly closures: readonly RoadClosure[];
}

/** What of a patient a plan may know. Names stay where they are. */
export type PatientFacts = Pick<Patient, 'id' | 'home' | 'consents'>;

/** Where the planning room reads records. Days are both included. */
export interface RecordsSource {
	read(from: CalendarDate, until: CalendarDate): Promise<PlanningRecords>;
	/** What decides on which roads vans drive in a period, ms. */
	ways(from: number, until: number): Promise<Pick<PlanningRecords, 'fleet' | 'closures'>>;
}
