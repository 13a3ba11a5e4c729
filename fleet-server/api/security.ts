/** Security headers; the content security policy allows what the dashboard needs and nothing else. */
import type { IncomingMessage } from 'node:http';
import helmet from 'helmet';

/** `mapHosts`: origins from which a map style of the site's own may load tiles, glyphs and sprites. */
export function security(mapHosts: readonly string[]) {
	const hosts = [...mapHosts];
	return helmet({
		contentSecurityPolicy: {
			useDefaults: false,
			directives: {
				'default-src': ["'self'"],
				'base-uri': ["'self'"],
				'form-action': ["'self'"],
				'frame-ancestors': ["'none'"],
				'object-src': ["'none'"],
				'script-src': ["'self'"],
				// MapLibre and React set styles from script.
				'style-src': ["'self'", "'unsafe-inline'"],
				'img-src': ["'self'", 'data:', 'blob:', ...hosts],
				'font-src': ["'self'", 'data:', ...hosts],
				'worker-src': ["'self'", 'blob:'],
				'connect-src': ["'self'", ownWebSocket, ...hosts],
			},
		},
		// Stays out of the way of plain HTTP on loopback; whoever puts TLS in front sets it there.
		strictTransportSecurity: false,
		referrerPolicy: { policy: 'same-origin' },
	});
}

/** Some browsers do not count a WebSocket to the page's own host as 'self'. */
function ownWebSocket(request: IncomingMessage): string {
	const { host } = request.headers;
	return host !== undefined && /^[\w.:[\]-]+$/.test(host) ? `ws://${host} wss://${host}` : "'self'";
}
