/** Calls of coverage, isolation, fairness, rain scenarios, sheets, the operator's report and calendars. */
import {
	calendarFeed,
	closedRoads,
	coverageReport,
	daySheets,
	fairnessTable,
	isolation,
	operatorReport,
	patient,
	rainScenario,
} from '@junkai/contracts';
import { z } from 'zod';
import { call, json, query } from './rest.ts';

/** Rain that is assumed beside what is closed; nothing: only what is closed. */
export interface Rain {
	mm?: number;
	hourMm?: number;
}
/** Patients that one call may name. */
const PATIENTS_A_CALL = 500;

export const coverageApi = {
	isolation: (rain: Rain) => call(isolation, `/isolation?${query({ ...rain })}`),
	closedRoads: (rain: Rain) => call(closedRoads, `/closed-roads?${query({ ...rain })}`),
	coverage: (from: string, until: string, minutes: number) => call(coverageReport, `/coverage?${query({ from, until, minutes })}`),
	fairness: (from: string, until: string) => call(fairnessTable, `/fairness?${query({ from, until })}`),
	scenarios: () => call(z.array(rainScenario), '/scenarios'),
	startScenario: (id: string, hour: number) => call(rainScenario, `/scenarios/${id}/start`, json({ hour })),
	stopScenario: (id: string) => call(rainScenario, `/scenarios/${id}/stop`, { method: 'POST' }),
	patients: async (ids: readonly number[]) => {
		const found: z.infer<typeof patient>[] = [];
		for (let at = 0; at < ids.length; at += PATIENTS_A_CALL) {
			const part = ids.slice(at, at + PATIENTS_A_CALL).join(',');
			found.push(...(await call(z.array(patient), `/patients?${query({ ids: part, limit: PATIENTS_A_CALL })}`)));
		}
		return found;
	},
	sheets: (date: string, board: string | null) =>
		call(daySheets.nullable(), `/sheets?${query({ date, board: board ?? undefined })}`),
	operatorReport: (from: string, until: string) => call(operatorReport, `/operator-report?${query({ from, until })}`),
	calendarFeeds: () => call(z.array(calendarFeed), '/calendar-feeds'),
	createCalendarFeed: (doctor: number) =>
		call(z.object({ feed: calendarFeed, path: z.string() }), `/doctors/${doctor}/calendar-feed`, json({})),
	revokeCalendarFeed: (doctor: number) => call(null, `/doctors/${doctor}/calendar-feed`, { method: 'DELETE' }),
};
