/** What a request says of who sent it and from which page. */
import type { IncomingMessage } from 'node:http';
import type { Access, SignedIn } from './users.ts';

export const SESSION_COOKIE = 'junkai_session';

/** The session token of a Cookie header, or null. */
export function tokenOf(cookie: string | undefined): string | null {
	for (const pair of cookie?.split(';') ?? []) {
		const [name, value] = pair.split('=', 2).map((part) => part.trim());
		if (name === SESSION_COOKIE && value !== undefined && /^[\w-]{20,100}$/.test(value)) return value;
	}
	return null;
}

export function signedInBy(access: Access, request: IncomingMessage): SignedIn | null {
	const token = tokenOf(request.headers.cookie);
	return token === null ? null : access.find(token);
}

/**
 * Whether a request comes from our own pages, or from no page at all. Browsers send Origin with every WebSocket and every
 * request that changes something; a script outside of a browser need not.
 */
export function isOwnOrigin(request: IncomingMessage): boolean {
	const { origin, host } = request.headers;
	if (origin === undefined) return true;
	return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
