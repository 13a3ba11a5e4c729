/** Calls for finding places and for taking in spreadsheets. */
import {
	intakePreview,
	intakeResult,
	placeAnswer,
	type IntakeFixes,
	type IntakePreview,
	type IntakeResult,
	type PlaceAnswer,
} from '@junkai/contracts';
import { call, json, query } from './rest.ts';

/** Each rejects with an `ApiError`. */
export const placesApi = {
	/** Places that an address may mean, the best first. */
	find: (text: string, signal?: AbortSignal): Promise<PlaceAnswer> =>
		call(placeAnswer, `/places?${query({ text })}`, signal === undefined ? {} : { signal }),
	/** The settlements that are nearest to a point. */
	near: (lon: number, lat: number, signal?: AbortSignal): Promise<PlaceAnswer> =>
		call(
			placeAnswer,
			`/places?${query({ lon: lon.toFixed(6), lat: lat.toFixed(6), limit: 3 })}`,
			signal === undefined ? {} : { signal },
		),
};

export interface IntakeFile {
	file: string;
	/** Base64. */
	content: string;
	encoding: 'auto' | 'utf-8' | 'shift_jis';
	sheet?: string;
}

/** Each rejects with an `ApiError`; its problem names the rows or the part of the file at fault. */
export const intakeApi = {
	preview: (file: IntakeFile): Promise<IntakePreview> => call(intakePreview, '/intakes', json(file)),
	fix: (intake: string, fixes: IntakeFixes): Promise<IntakePreview> =>
		call(intakePreview, `/intakes/${intake}`, json(fixes, 'PUT')),
	takeIn: (intake: string): Promise<IntakeResult> => call(intakeResult, `/intakes/${intake}/acceptance`, { method: 'POST' }),
	templateAddress: (format: 'csv-shift-jis' | 'csv-utf-8' | 'xlsx'): string => `/api/v1/intake-template?${query({ format })}`,
};
