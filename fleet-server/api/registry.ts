/** The operations of the records that people keep. */
import type { KeptKind } from '@junkai/contracts';
import type { Response } from 'express';
import type { SignedIn } from '../access/users.ts';
import type { ServiceClock } from '../clock.ts';
import { addDays } from '../registry/calendar.ts';
import { closedRoadsAt, followFeed, rainRules } from '../registry/closures.ts';
import { conflictsBetween } from '../registry/conflicts/index.ts';
import { gently } from '../registry/gentle.ts';
import type { BodyOf, RecordOf, Records } from '../registry/index.ts';
import { kinds } from '../registry/kinds.ts';
import { cancelVisit, reopenVisit } from '../registry/visits.ts';
import type { Handlers } from './handlers.ts';
import { ProblemError } from './problem.ts';

interface Caller {
	readonly session: SignedIn | null;
	readonly response: Response;
}
type ById = Caller & { readonly params: { id: number } };
type AtVersion = ById & { readonly query: { version: number } };

/** What a handler of one kind gets. */
function handlersOf<K extends KeptKind>(records: Records, kind: K, path: string) {
	const shelf = { get: (id: number) => records.find(kind, [id]).then(([one]) => one ?? null) };
	return {
		create: async ({ body, session, response }: Caller & { readonly body: BodyOf<K> }): Promise<RecordOf<K>> => {
			const record = await records.keep({ kind, op: 'create', body }, session!.username);
			response.location(`/api/v1${path}/${record.id}`);
			return record;
		},
		get: async ({ params }: ById): Promise<RecordOf<K>> => {
			const record = await shelf.get(params.id);
			if (record === null) throw new ProblemError(404, `There is no ${kinds[kind].noun} ${params.id}.`);
			return record;
		},
		update: ({ params, query, body, session }: AtVersion & { readonly body: BodyOf<K> }): Promise<RecordOf<K>> =>
			records.keep({ kind, op: 'update', id: params.id, version: query.version, body }, session!.username),
		remove: async ({ params, query, session }: AtVersion): Promise<undefined> => {
			await records.remove(kind, params.id, query.version, session!.username);
		},
	};
}

export function registryHandlers(records: Records, clock: ServiceClock) {
	const patients = handlersOf(records, 'patient', '/patients');
	const requests = handlersOf(records, 'request', '/requests');
	const fleet = handlersOf(records, 'fleet-vehicle', '/fleet');
	const staff = handlersOf(records, 'staff', '/staff');
	const shifts = handlersOf(records, 'shift', '/shifts');
	const doctors = handlersOf(records, 'doctor', '/doctors');
	const closures = handlersOf(records, 'closure', '/closures');
	const visits = handlersOf(records, 'visit', '/visits');
	return {
		listPatients: async ({ query, response }) => sendList(response, await listedPatients(records, query)),
		createPatient: patients.create,
		getPatient: patients.get,
		updatePatient: patients.update,
		deletePatient: patients.remove,

		listRequests: async ({ query, response }) => sendList(response, await records.requests.list(query)),
		createRequest: requests.create,
		getRequest: requests.get,
		updateRequest: requests.update,
		deleteRequest: requests.remove,

		listVisits: async ({ query, response }) => {
			const { from, until } = query;
			if (from !== undefined && until !== undefined && from > until) throw wrongPeriod();
			await sendList(response, await records.visits.between(from ?? null, until ?? null, query));
		},
		getVisit: visits.get,
		cancelVisit: ({ params, query, body, session }) => cancelVisit(records, params.id, query.version, body.note, session!.username),
		reopenVisit: ({ params, query, session }) => reopenVisit(records, params.id, query.version, session!.username),

		listFleetVehicles: async ({ response }) => sendList(response, await records.fleet.all()),
		createFleetVehicle: fleet.create,
		getFleetVehicle: fleet.get,
		updateFleetVehicle: fleet.update,
		deleteFleetVehicle: fleet.remove,

		listStaff: async ({ response }) => sendList(response, await records.staff.all()),
		createStaffMember: staff.create,
		getStaffMember: staff.get,
		updateStaffMember: staff.update,
		deleteStaffMember: staff.remove,

		listShifts: async ({ response }) => sendList(response, await records.shifts.all()),
		createShift: shifts.create,
		getShift: shifts.get,
		updateShift: shifts.update,
		deleteShift: shifts.remove,

		listDoctors: async ({ response }) => sendList(response, await records.doctors.all()),
		createDoctor: doctors.create,
		getDoctor: doctors.get,
		updateDoctor: doctors.update,
		deleteDoctor: doctors.remove,

		listConflicts: async ({ query, response }) => {
			const { from, until, surge } = query;
			if (from > until) throw wrongPeriod();
			if (until > addDays(from, MOST_DAYS)) throw wrongPeriod(`ask for ${MOST_DAYS} days at most`);
			await sendList(response, await conflictsBetween(records, from, until, surge === 'true'));
		},

		listClosures: async ({ query, response }) =>
			sendList(response, await (query.at === undefined ? records.closures.all() : records.closures.between(query.at))),
		createClosure: closures.create,
		getClosure: closures.get,
		updateClosure: closures.update,
		deleteClosure: closures.remove,
		listRainRules: () => rainRules(records.facts),
		getClosedRoads: ({ query }) => closedRoadsAt(records, query.at ?? clock.now(), query),
		putClosureFeed: ({ body, session }) => followFeed(records, body, session!.username),
	} satisfies Partial<Handlers>;
}

/** By numbers, by words, both or neither. */
async function listedPatients(
	records: Records,
	{ text, ids, limit }: { text?: string | undefined; ids?: number[] | undefined; limit: number },
): Promise<RecordOf<'patient'>[]> {
	if (ids !== undefined && text === undefined) return (await records.patients.find(ids)).slice(0, limit);
	if (text === undefined) return records.patients.all(limit);
	const found = await records.patients.search(text, ids === undefined ? limit : 1_000_000);
	return ids === undefined ? found : found.filter(({ id }) => ids.includes(id)).slice(0, limit);
}

/** Days whose conflicts are looked for at once. */
const MOST_DAYS = 400;

/** Records written out together; a list of thousands is not made text in one piece. */
const AT_ONCE = 200;

async function sendList(response: Response, records: readonly unknown[]): Promise<void> {
	response.status(200).type('application/json');
	let text = '[';
	await gently(records, (record, index) => {
		text += `${index === 0 ? '' : ','}${JSON.stringify(record)}`;
		if (index % AT_ONCE !== AT_ONCE - 1) return;
		response.write(text);
		text = '';
	});
	response.end(`${text}]`);
}

function wrongPeriod(message = 'the last day is before the first'): ProblemError {
	return new ProblemError(400, 'The query breaks its schema.', { errors: [{ field: 'until', message }] });
}
