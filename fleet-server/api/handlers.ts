/** What each operation of the API does. */
import {
	roles,
	type Health,
	type OperationId,
	type Role,
	type StoredReading,
	type StoredPosition,
	type Vehicle,
	operations,
} from '@junkai/contracts';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { SESSION_COOKIE } from '../access/request.ts';
import type { Access, SignedIn } from '../access/users.ts';
import type { Day } from '../day/day.ts';
import type { Publications } from '../day/publications.ts';
import type { DoctorQueues } from '../day/queue.ts';
import type { ServiceClock } from '../clock.ts';
import type { Planning } from '../planning/index.ts';
import type { Records } from '../registry/index.ts';
import type { VehicleRegistry } from '../store/vehicle-registry.ts';
import { CursorError, type PageQuery, type TelemetryStore } from '../telemetry/store.ts';
import type { OptimizeJobs } from '../optimize/jobs.ts';
import type { Intakes } from '../intake/intakes.ts';
import type { Places } from '../intake/places/find.ts';
import { dayHandlers } from './day.ts';
import { coverageHandlers, type CoverageApi } from './coverage.ts';
import type { Documents } from './documents.ts';
import { intakeHandlers, placeHandlers } from './intake.ts';
import { optimizeHandlers } from './optimize.ts';
import { planEditHandlers } from './plan-edits.ts';
import { planningHandlers } from './planning.ts';
import { ProblemError } from './problem.ts';
import { registryHandlers } from './registry.ts';

export interface ApiParts {
	access: Access;
	registry: VehicleRegistry;
	telemetry: TelemetryStore;
	plans: Publications;
	day: Day;
	queues: DoctorQueues;
	health: () => Promise<Health>;
	documents: Documents;
	jobs: OptimizeJobs;
	places: Places;
	intakes: Intakes;
	planning: Planning;
	records: Records;
	clock: ServiceClock;
	/** Coverage, sheets and feeds. */
	reach: Omit<CoverageApi, 'registry'>;
}

type Schema<O, K extends string> = O extends Record<K, infer S extends z.ZodType> ? z.infer<S> : undefined;

/** A checked request of one operation. */
export interface Call<Id extends OperationId> {
	params: Schema<(typeof operations)[Id], 'params'>;
	query: Schema<(typeof operations)[Id], 'query'>;
	/** A large body is not read yet. */
	body: (typeof operations)[Id] extends { largeBody: true } ? undefined : Schema<(typeof operations)[Id], 'body'>;
	/** Null for public operations. */
	session: SignedIn | null;
	request: Request;
	response: Response;
}

/** A handler answers with what it returns, unless it has sent the response itself. */
export type Handlers = { [Id in OperationId]: (call: Call<Id>) => unknown };

const HOUR_MS = 3_600_000;
/** What a device states about the patient is for those who may see readings. */
const seesPatients = operations.listObservations.roles as readonly Role[];

export function apiHandlers({
	access,
	registry,
	telemetry,
	plans,
	day,
	queues,
	health,
	documents,
	jobs,
	places,
	intakes,
	planning,
	records,
	clock,
	reach,
}: ApiParts): Handlers {
	const known = (id: string): Vehicle => {
		const vehicle = registry.view(id);
		if (vehicle === null) throw new ProblemError(404, `There is no vehicle ${id}.`);
		return vehicle;
	};
	const page = async <T>(vehicle: string, read: () => Promise<T>): Promise<T> => {
		known(vehicle);
		try {
			return await read();
		} catch (error) {
			if (error instanceof CursorError)
				throw new ProblemError(400, error.message, { errors: [{ field: 'after', message: error.message }] });
			throw error;
		}
	};
	return {
		signIn: async ({ body, request, response }) => {
			const signedIn = await access.signIn(body.username, body.password);
			if (signedIn === null) throw new ProblemError(401, 'Name or password is wrong.');
			const { token, session } = signedIn;
			response.cookie(SESSION_COOKIE, token, {
				httpOnly: true,
				sameSite: 'strict',
				secure: request.secure,
				path: '/',
				expires: new Date(session.expires),
			});
			return session;
		},
		whoAmI: ({ session }) => withoutKey(session!),
		signOut: ({ session, response }) => {
			access.signOut(session!.key);
			response.clearCookie(SESSION_COOKIE, { httpOnly: true, sameSite: 'strict', path: '/' });
			return undefined;
		},
		listVehicles: () => registry.list(),
		getVehicle: ({ params }) => known(params.vehicle),
		listPositions: ({ params, query }) =>
			page<{ items: StoredPosition[] }>(params.vehicle, () => telemetry.positions(params.vehicle, period(query))),
		listObservations: ({ params, query }) =>
			page<{ items: StoredReading[] }>(params.vehicle, () =>
				telemetry.readings(params.vehicle, { ...period(query), code: query.code }),
			),
		listWaveforms: ({ params, query }) =>
			page(params.vehicle, () => telemetry.waveforms(params.vehicle, { ...period(query), signal: query.signal })),
		listEvents: ({ params, query, session }) =>
			page(params.vehicle, () =>
				telemetry.events(params.vehicle, {
					...period(query),
					classes: seesPatients.includes(session!.role) ? undefined : ['system', 'technical'],
				}),
			),
		listDevices: () => registry.list().flatMap((vehicle) => vehicle.devices.map((device) => ({ ...device, vehicle: vehicle.id }))),
		setServiceClock: ({ body }) => clock.set(body),
		getRegion: () => documents.region(),
		getHealth: health,
		...optimizeHandlers(jobs),
		...dayHandlers({ day, plans, queues, clock, registry }),
		...planningHandlers(planning),
		...planEditHandlers({ planning, plans, records }),
		...registryHandlers(records, clock),
		...placeHandlers(places),
		...intakeHandlers(intakes),
		...coverageHandlers({ ...reach, registry }),
	};
}

/** Period of a query with its defaults: the hour before `to`, and until now. */
function period(query: {
	from?: number | undefined;
	to?: number | undefined;
	limit: number;
	after?: string | undefined;
}): PageQuery {
	const to = query.to ?? Date.now() + 1;
	const from = query.from ?? to - HOUR_MS;
	if (from > to) {
		const message = '"from" must not be later than "to"';
		throw new ProblemError(400, message, { errors: [{ field: 'from', message }] });
	}
	return { from, to, limit: query.limit, after: query.after };
}

const withoutKey = ({ username, role, expires }: SignedIn) => ({ username, role, expires });

/** Who may call an operation, in words for a refusal. */
export const rolesInWords = (allowed: readonly Role[]): string => roles.filter((role) => allowed.includes(role)).join(', ');
