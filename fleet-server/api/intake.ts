/** The operations by which places are found and spreadsheets taken in. */
import { intakeOperations, type IntakePreview } from '@junkai/contracts';
import type { Response } from 'express';
import { IntakeError } from '../intake/intake-error.ts';
import type { Intakes } from '../intake/intakes.ts';
import type { Places } from '../intake/places/find.ts';
import { templateFile } from '../intake/template.ts';
import { gently } from '../registry/gentle.ts';
import type { Handlers } from './handlers.ts';
import { readLargeBody } from './large-body.ts';
import { ProblemError } from './problem.ts';

const MOST_BYTES = intakeOperations.previewIntake.bodyLimit;
/** Of all bodies that are being read at once. */
const MOST_RESERVED = 6 * MOST_BYTES;

export function placeHandlers(places: Places) {
	return {
		findPlaces: ({ query: { text, lon, lat, limit } }) => {
			if (lon !== undefined && lat !== undefined)
				return { verdict: 'found', matches: places.nearest(lon, lat, limit), prefecture: null };
			if (lon !== undefined || lat !== undefined) throw lacking(lon === undefined ? 'lon' : 'lat', 'a point has both lon and lat');
			if (text === undefined) throw lacking('text', 'give text, or lon and lat');
			return places.find(text, limit);
		},
	} satisfies Partial<Handlers>;
}

const lacking = (field: string, message: string): ProblemError =>
	new ProblemError(400, 'The query breaks its schema.', { errors: [{ field, message }] });

export function intakeHandlers(intakes: Intakes) {
	let reserved = 0;
	const reserve = (bytes: number) => {
		if (reserved + bytes > MOST_RESERVED)
			throw problemOf(new IntakeError('busy', 'Too many files are being read. Try again in a minute.'));
		reserved += bytes;
	};
	return {
		previewIntake: async ({ request, response, session }) => {
			const body = await readLargeBody(request, { maxBytes: MOST_BYTES, reserve }).catch((error: unknown) => {
				if (!(error instanceof ProblemError) || error.status !== 413) throw error;
				throw problemOf(new IntakeError('too-large', 'The file is larger than 10 MB.'));
			});
			const held = body.buffer.byteLength;
			try {
				const preview = await named(intakes.preview(body, session!.username));
				if ('invalid' in preview) throw new ProblemError(400, 'The body breaks its schema.', { errors: [...preview.invalid] });
				await send(response, preview);
			} finally {
				reserve(-held);
			}
		},
		fixIntake: async ({ params, body, response, session }) => {
			await send(response, await named(intakes.fix(params.intake, body, session!.username)));
		},
		takeIn: ({ params, session }) => named(intakes.takeIn(params.intake, session!.username)),
		getIntakeTemplate: ({ query: { format }, response }) => {
			const { name, type, bytes } = templateFile(format);
			response
				.status(200)
				.set({ 'content-type': type, 'content-disposition': `attachment; filename="${name}"` })
				.end(bytes);
		},
	} satisfies Partial<Handlers>;
}

/** What was refused, as a problem that a desk can say in its own language. */
const named = <T>(step: Promise<T>): Promise<T> =>
	step.catch((error: unknown) => {
		throw error instanceof IntakeError ? problemOf(error) : error;
	});

function problemOf(error: IntakeError): ProblemError {
	const errors = [
		{ field: 'content', message: `${error.refusal}: ${error.message}` },
		...error.rows.map((row) => ({ field: `rows.${row}`, message: 'it is faulty' })),
	];
	return new ProblemError(error.status, error.message, {
		errors,
		...(error.refusal === 'busy' && { headers: { 'retry-after': '60' } }),
		cause: error,
	});
}

/** Rows written out together; thousands are not made text in one piece. */
const AT_ONCE = 100;

async function send(response: Response, { rows, ...preview }: IntakePreview): Promise<void> {
	response.status(200).type('application/json');
	let text = `${JSON.stringify(preview).slice(0, -1)},"rows":[`;
	await gently(rows, (row, index) => {
		text += `${index === 0 ? '' : ','}${JSON.stringify(row)}`;
		if (index % AT_ONCE !== AT_ONCE - 1) return;
		response.write(text);
		text = '';
	});
	response.end(`${text}]}`);
}
