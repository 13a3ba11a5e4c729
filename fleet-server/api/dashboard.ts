/** The dashboard's built files: hashed assets are cached for ever, pages not at all; compressed copies are used where they exist. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import sirv from 'sirv';

/** Addresses that the dashboard routes itself. */
const pages = /^\/(?:dispatch|doctor|onboard|login)(?:\/[^.]*)?$/;

export function dashboard(directory: string, log: Logger): RequestHandler {
	if (!existsSync(join(directory, 'index.html'))) {
		log.warn('the dashboard is not built: only the API is served');
		return (_request, _response, next) => next();
	}
	const files = sirv(directory, {
		etag: true,
		brotli: true,
		gzip: true,
		setHeaders(response, path) {
			const hashed = path.startsWith('/assets/');
			response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
		},
	});
	return (request, response, next) => {
		if (request.method !== 'GET' && request.method !== 'HEAD') return next();
		if (pages.test(request.path)) request.url = '/';
		files(request, response, next as () => void);
	};
}
