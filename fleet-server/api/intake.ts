/** The operations by which places are found and spreadsheets taken in. */
import type { Places } from '../intake/places/find.ts';
import type { Handlers } from './handlers.ts';
import { ProblemError } from './problem.ts';

export function placeHandlers(places: Places) {
	return {
		findPlaces: ({ query: { text, lon, lat, limit } }) => {
			if (lon !== undefined && lat !== undefined) return places.nearest(lon, lat, limit);
			if (lon !== undefined || lat !== undefined) throw lacking(lon === undefined ? 'lon' : 'lat', 'a point has both lon and lat');
			if (text === undefined) throw lacking('text', 'give text, or lon and lat');
			return places.find(text, limit).matches;
		},
	} satisfies Partial<Handlers>;
}

const lacking = (field: string, message: string): ProblemError =>
	new ProblemError(400, 'The query breaks its schema.', { errors: [{ field, message }] });
