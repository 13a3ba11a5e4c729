/** Run sheets of the vans and call sheets of the doctors: a day's plan joined with the records that it names. */
import type {
	CalendarDate,
	DaySheets,
	DoctorRecord,
	DoctorSheet,
	Patient,
	PlanDraft,
	PlannedRoute,
	PlannedStop,
	PlannedVisit,
	Shift,
	StaffMember,
	VehicleSheet,
	VisitRequest,
} from '@junkai/contracts';
import { distanceKm, type LonLat, type Region } from '@junkai/regions';
import type { SignalMap } from '../dispatch/signal.ts';
import { shiftOn } from '../planning/resources.ts';
import type { Records } from '../registry/index.ts';
import { gapsOf, type GapFinder } from './gaps.ts';
import { fullName, sheetPatient } from './persons.ts';

type Stop = VehicleSheet['stops'][number];
type Visit = Stop['visits'][number];

/** A stop so near to a settlement's place is in it, km. */
const AT_PLACE = 0.5;

export interface SheetsInput {
	readonly date: CalendarDate;
	readonly draft: Pick<PlanDraft, 'doctors' | 'routes' | 'unassigned'>;
	readonly source: DaySheets['source'];
	/** Service time. */
	readonly made: number;
}

export interface SheetsParts {
	readonly region: Region;
	readonly records: Records;
	readonly signal: SignalMap;
}

/** All that the plan's numbers stand for, looked up once. */
interface Facts extends SheetsParts {
	readonly date: CalendarDate;
	readonly visits: ReadonlyMap<number, { request: VisitRequest; patient: Patient }>;
	readonly doctors: ReadonlyMap<number, DoctorRecord>;
	readonly doctorNames: ReadonlyMap<number, { ja: string; en: string }>;
	readonly vans: ReadonlyMap<string, { name: string; equipment: VehicleSheet['equipment'] }>;
	readonly shifts: readonly Shift[];
	readonly staff: ReadonlyMap<number, StaffMember>;
	readonly gaps: GapFinder;
}

export async function daySheets(input: SheetsInput, parts: SheetsParts): Promise<DaySheets> {
	const { date, draft, source, made } = input;
	const facts = await look(input, parts);
	const vehicles = draft.routes
		.filter(({ stops }) => stops.some(({ kind }) => kind === 'visits'))
		.map((route) => vehicleSheet(route, facts))
		.toSorted((a, b) => a.vehicle.localeCompare(b.vehicle, 'en', { numeric: true }));
	return {
		date,
		source,
		made,
		vehicles,
		doctors: doctorSheets(draft, vehicles, facts),
		unassigned: draft.unassigned.length,
	};
}

async function look({ date, draft }: SheetsInput, parts: SheetsParts): Promise<Facts> {
	const { region, records } = parts;
	const numbers = draft.routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits.map(({ visit }) => visit)));
	const [visits, doctors, fleet, shifts, staff] = await Promise.all([
		records.visits.find(numbers),
		records.doctors.find(draft.doctors.map(({ id }) => id)),
		records.fleet.all(),
		records.shifts.all(),
		records.staff.all(),
	]);
	const [requests, patients] = await Promise.all([
		records.requests.find(visits.map(({ request }) => request)),
		records.patients.find(visits.map(({ patient }) => patient)),
	]);
	const requestOf = new Map(requests.map((one) => [one.id, one]));
	const patientOf = new Map(patients.map((one) => [one.id, one]));
	return {
		...parts,
		date,
		visits: new Map(
			visits.flatMap(({ id, request, patient }) => {
				const [asked, who] = [requestOf.get(request), patientOf.get(patient)];
				return asked && who ? [[id, { request: asked, patient: who }] as const] : [];
			}),
		),
		doctors: new Map(doctors.map((one) => [one.id, one])),
		doctorNames: new Map(draft.doctors.map(({ id, name }) => [id, name])),
		vans: new Map(fleet.map(({ vehicle, name, equipment }) => [vehicle, { name, equipment }])),
		shifts: shifts.filter((shift) => shiftOn(shift, date)),
		staff: new Map(staff.map((one) => [one.id, one])),
		gaps: gapsOf(region),
	};
}

function vehicleSheet(route: PlannedRoute, facts: Facts): VehicleSheet {
	const van = facts.vans.get(route.vehicle);
	const [driver, nurse] = crewOf(route, facts);
	return {
		vehicle: route.vehicle,
		name: van?.name ?? route.vehicle,
		driver,
		nurse,
		equipment: van?.equipment ?? [],
		distance: route.distance,
		stops: route.stops.map((stop) => sheetStop(stop, facts)),
		way: route.stops.flatMap(({ way }) => way?.geometry.coordinates ?? []),
	};
}

/** Whose shift the route is in. A van may have two in a day: the one counts that the route begins in. */
function crewOf({ vehicle, stops }: PlannedRoute, { shifts, staff, records, date }: Facts) {
	const begins = stops[0]!.arrival;
	const own = shifts.filter((shift) => shift.vehicle === vehicle);
	const fits = ({ hours }: Shift): boolean => {
		const [from, to] = records.calendar.spanOf(date, hours);
		return from <= begins && begins < to;
	};
	const shift = own.find(fits) ?? own[0];
	const person = (id: number | null | undefined) => {
		const one = id === null || id === undefined ? undefined : staff.get(id);
		return one ? { name: fullName(one), phone: one.phone } : null;
	};
	return [person(shift?.driver), person(shift?.nurse)] as const;
}

function sheetStop(stop: PlannedStop, facts: Facts): Stop {
	return {
		kind: stop.kind,
		name: stop.name,
		municipality: stop.municipality,
		arrival: stop.arrival,
		departure: stop.departure,
		distance: stop.way?.distance ?? 0,
		drive: stop.way?.duration ?? 0,
		location: stop.location,
		meetingPoint: stop.meetingPoint,
		signal: signalAt(stop.location, facts),
		gaps: stop.way ? facts.gaps(stop.way.geometry.coordinates) : [],
		visits: stop.visits.map((visit) => sheetVisit(visit, facts)),
	};
}

function sheetVisit({ visit, need, from, to, consult }: PlannedVisit, facts: Facts): Visit {
	const known = facts.visits.get(visit);
	return {
		visit,
		need,
		from,
		to,
		consult: consult && { ...consult, name: facts.doctorNames.get(consult.doctor) ?? { ja: '', en: '' } },
		equipment: known?.request.equipment ?? [],
		note: known?.request.note ?? '',
		patient: known ? sheetPatient(known.patient, facts.date) : null,
	};
}

function signalAt(location: LonLat, { region, signal }: Facts): Stop['signal'] {
	let best: Region['settlements'][number] | null = null;
	let least = AT_PLACE;
	for (const one of region.settlements) {
		const km = distanceKm(location, [one.lon, one.lat]);
		if (km < least) [best, least] = [one, km];
	}
	return best && signal.at(best);
}

/** One for each doctor who is booked, calls in the order of time. */
function doctorSheets({ doctors }: SheetsInput['draft'], vehicles: readonly VehicleSheet[], facts: Facts): DoctorSheet[] {
	const calls = vehicles.flatMap((sheet) =>
		sheet.stops.flatMap((stop) =>
			stop.visits.flatMap((visit) => (visit.consult ? [callOf(visit, visit.consult, stop, sheet)] : [])),
		),
	);
	const byDoctor = Map.groupBy(calls, ({ doctor }) => doctor);
	return doctors.flatMap(({ id, name, specialties }): DoctorSheet[] => {
		const own = byDoctor.get(id);
		if (!own) return [];
		const record = facts.doctors.get(id);
		return [
			{
				doctor: id,
				name,
				specialties,
				institution: institutionOf(record, facts.region),
				phone: record?.phone ?? null,
				calls: own.toSorted((a, b) => a.call.from - b.call.from).map(({ call }) => call),
			},
		];
	});
}

function callOf(visit: Visit, consult: NonNullable<Visit['consult']>, stop: Stop, sheet: VehicleSheet) {
	const { patient } = visit;
	const call: DoctorSheet['calls'][number] = {
		visit: visit.visit,
		from: consult.from,
		to: consult.to,
		need: visit.need,
		// Neither address nor phone: the doctor meets the patient by the van.
		patient: patient && {
			id: patient.id,
			name: patient.name,
			kana: patient.kana,
			age: patient.age,
			sex: patient.sex,
			note: patient.note,
		},
		note: visit.note,
		vehicle: sheet.vehicle,
		vehicleName: sheet.name,
		nurse: sheet.nurse ?? sheet.driver,
		place: stop.name,
		municipality: stop.municipality,
	};
	return { doctor: consult.doctor, call };
}

/** Where a doctor works, in words. */
export function institutionOf(record: Pick<DoctorRecord, 'institution' | 'from'> | undefined, region: Region): string {
	if (!record) return '';
	return region.facilities.find(({ id }) => id === record.institution)?.name ?? record.from;
}
