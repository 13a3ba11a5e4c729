/** What the operations of coverage, sheets and feeds do. */
import type { CalendarDate } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import type { Response } from 'express';
import type { Coverage, Scenarios } from '../coverage/index.ts';
import type { Calendars } from '../feeds/calendars.ts';
import { encodeFeed, feedAsJson, feedOf } from '../feeds/gtfs-realtime.ts';
import type { Paper } from '../paper/index.ts';
import { RoadsError, type RoadsFault } from '../roads/roads-error.ts';
import type { VehicleRegistry } from '../store/vehicle-registry.ts';
import type { Handlers } from './handlers.ts';
import { ProblemError } from './problem.ts';

export interface CoverageApi {
	readonly coverage: Coverage;
	readonly scenarios: Scenarios;
	readonly paper: Paper;
	readonly calendars: Calendars;
	readonly registry: VehicleRegistry;
	/** Positions are told to everyone who asks, those of standing vans at these places only; null: to nobody. */
	readonly openPositions: Region['facilities'] | null;
}

type CoverageHandlers = Pick<
	Handlers,
	| 'getIsolation'
	| 'getCoverage'
	| 'getFairness'
	| 'listScenarios'
	| 'startScenario'
	| 'stopScenario'
	| 'getDaySheets'
	| 'getOperatorReport'
	| 'listCalendarFeeds'
	| 'createCalendarFeed'
	| 'revokeCalendarFeed'
	| 'getDoctorCalendar'
	| 'getVehiclePositionsFeed'
	| 'getVehiclePositionsJson'
>;

/** Longest periods, days. */
const COVERAGE_DAYS = 190;
const FAIRNESS_DAYS = 740;
const REPORT_DAYS = 370;
const DAY_MS = 86_400_000;

export function coverageHandlers({
	coverage,
	scenarios,
	paper,
	calendars,
	registry,
	openPositions,
}: CoverageApi): CoverageHandlers {
	const positions = () => {
		if (openPositions === null) throw new ProblemError(404, 'This server does not offer the positions of its vans.');
		return feedOf(registry.list(), Date.now(), openPositions);
	};
	return {
		getIsolation: ({ query }) => byRoads(() => coverage.isolation(query)),
		getCoverage: ({ query: { from, until, minutes } }) => {
			checkPeriod(from, until, COVERAGE_DAYS);
			return byRoads(() => coverage.coverage(from, until, minutes));
		},
		getFairness: ({ query: { from, until } }) => {
			checkPeriod(from, until, FAIRNESS_DAYS);
			return coverage.fairness(from, until);
		},
		listScenarios: () => scenarios.list(),
		startScenario: async ({ params, body, session }) =>
			knownScenario(await scenarios.start(params.scenario, body.hour, session!.username), params.scenario),
		stopScenario: async ({ params, session }) =>
			knownScenario(await scenarios.stop(params.scenario, session!.username), params.scenario),
		getDaySheets: ({ query: { date, board } }) => paper.sheets(date, board),
		getOperatorReport: ({ query: { from, until } }) => {
			checkPeriod(from, until, REPORT_DAYS);
			return paper.report(from, until);
		},
		listCalendarFeeds: () => calendars.list(),
		createCalendarFeed: async ({ params, session }) => {
			const made = await calendars.create(params.doctor, session!.username);
			if (made === null) throw new ProblemError(404, `There is no doctor ${params.doctor}.`);
			return { feed: made.feed, path: `/api/v1/feeds/calendars/${made.token}.ics` };
		},
		revokeCalendarFeed: ({ params, session }) => {
			if (!calendars.revoke(params.doctor, session!.username)) {
				throw new ProblemError(404, `The calendar of doctor ${params.doctor} has no address.`);
			}
			return undefined;
		},
		getDoctorCalendar: async ({ params, response }) => {
			const text = await calendars.calendar(params.token.replace(/\.ics$/, ''));
			if (text === null) throw new ProblemError(404, 'There is no calendar at this address (any more).');
			send(response, 'text/calendar; charset=utf-8', text);
			return undefined;
		},
		getVehiclePositionsFeed: ({ response }) => {
			send(response, 'application/x-protobuf', Buffer.from(encodeFeed(positions())));
			return undefined;
		},
		getVehiclePositionsJson: () => feedAsJson(positions()),
	};
}

function send(response: Response, type: string, body: string | Buffer): void {
	response.status(200).set('content-type', type).send(body);
}

function knownScenario<T>(found: T | null, id: string): T {
	if (found === null) throw new ProblemError(404, `The region has no scenario "${id}".`);
	return found;
}

function checkPeriod(from: CalendarDate, until: CalendarDate, most: number): void {
	const days = (Date.parse(until) - Date.parse(from)) / DAY_MS + 1;
	if (days < 1) refuse('until', 'the last day is before the first');
	if (days > most) refuse('until', `at most ${most} days at once; these are ${days}`);
}

function refuse(field: string, message: string): never {
	throw new ProblemError(422, `${field}: ${message}`, { errors: [{ field, message }] });
}

/** Faults that lie in what was asked; the others lie in the engine, and pass. */
const asked: readonly RoadsFault[] = ['invalid', 'off-road', 'too-big', 'unsupported', 'closures-not-supported', 'no-route'];

async function byRoads<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof RoadsError)) throw error;
		const detail = `The roads cannot tell: ${error.message}`;
		if (asked.includes(error.fault)) throw new ProblemError(422, detail, { cause: error });
		throw new ProblemError(503, detail, { cause: error, headers: { 'retry-after': '5' } });
	}
}
