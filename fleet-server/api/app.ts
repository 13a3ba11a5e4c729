/** The HTTP side: API from the contracts' table of operations, health, metrics, documents and the dashboard's files. */
import { STATUS_CODES } from 'node:http';
import compression from 'compression';
import { operations, type Operation, type OperationId } from '@junkai/contracts';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { isOwnOrigin, signedInBy } from '../access/request.ts';
import type { SignedIn } from '../access/users.ts';
import { FleetServerError, messageOf } from '../errors.ts';
import { RecordsError } from '../registry/index.ts';
import type { Metrics } from '../metrics.ts';
import { dashboard } from './dashboard.ts';
import { apiHandlers, rolesInWords, type ApiParts } from './handlers.ts';
import { invalid, ProblemError, sendProblem } from './problem.ts';
import { security } from './security.ts';

export interface AppOptions extends ApiParts {
	metrics: Metrics;
	log: Logger;
	dashboardDir: string;
	mapHosts: readonly string[];
	/** Reasons for which the server is not up; empty when it is. */
	troubles: () => Promise<string[]>;
}

const PREFIX = '/api/v1';

export function createApp(options: AppOptions): Express {
	const app = express();
	app.disable('x-powered-by');
	app.set('trust proxy', 'loopback');
	app.use(security(options.mapHosts));
	app.use(compression());
	addProbes(app, options);
	app.use('/api', (_request, response, next) => {
		response.set('cache-control', 'no-store');
		next();
	});
	app.get(`${PREFIX}/openapi.json`, (_request, response) => void response.json(options.documents.openApi()));
	app.get(`${PREFIX}/asyncapi.json`, (_request, response) => void response.json(options.documents.asyncApi()));
	addOperations(app, options);
	app.use('/api', (request, response) => sendProblem(response, 404, 'There is nothing here.', request.originalUrl));
	app.use(dashboard(options.dashboardDir, options.log));
	app.use((request: Request, response: Response) => sendProblem(response, 404, 'There is nothing here.', request.originalUrl));
	app.use(onError(options.log));
	return app;
}

function addProbes(app: Express, { troubles, metrics }: AppOptions): void {
	app.get('/healthz', async (_request, response) => {
		const reasons = await troubles();
		response.set('cache-control', 'no-store');
		response.status(reasons.length === 0 ? 200 : 503).json({ status: reasons.length === 0 ? 'up' : 'down', reasons });
	});
	app.get('/metrics', async (_request, response) => {
		response.set('content-type', metrics.registry.contentType).send(await metrics.registry.metrics());
	});
}

function addOperations(app: Express, options: AppOptions): void {
	const handlers = apiHandlers(options);
	const methods = new Map<string, string[]>();
	const limits = signInLimits();
	for (const id of Object.keys(operations) as OperationId[]) {
		const operation: Operation = operations[id];
		const path = PREFIX + operation.path.replace(/\{(\w+)\}/g, ':$1');
		methods.set(path, [...(methods.get(path) ?? []), operation.method.toUpperCase()]);
		const parse = operation.largeBody ? [] : [express.json({ limit: operation.bodyLimit ?? 64 * 1024 })];
		const body = operation.body ? [requireJson, ...parse] : [];
		app[operation.method](path, checkOrigin, ...body, ...(id === 'signIn' ? limits : []), async (request, response) => {
			const session = authorise(operation, options, request);
			const checked = {
				params: check('path', operation.params, request.params),
				query: check('query', operation.query, request.query),
				body: operation.largeBody ? undefined : check('body', operation.body, request.body),
			};
			const handler = handlers[id] as (call: unknown) => unknown;
			const answer = await handler({ ...checked, session, request, response });
			if (response.headersSent || response.destroyed) return;
			const status = Number(Object.keys(operation.responses)[0]);
			if (answer === undefined) response.status(status).end();
			else response.status(status).json(answer);
		});
	}
	for (const [path, allowed] of methods) {
		app.all(path, (request) => {
			const allow = allowed.join(', ');
			throw new ProblemError(405, `${request.method} is not possible here, only ${allow}.`, { headers: { allow } });
		});
	}
}

function authorise(operation: Operation, { access }: AppOptions, request: Request): SignedIn | null {
	if (operation.roles === 'public') return null;
	const session = signedInBy(access, request);
	if (session === null) throw new ProblemError(401, 'Sign in first.');
	if (!operation.roles.includes(session.role)) {
		throw new ProblemError(403, `This is for ${rolesInWords(operation.roles)}, not for ${session.role}.`);
	}
	return session;
}

function check<T extends z.ZodType>(place: string, schema: T | undefined, value: unknown): z.infer<T> | undefined {
	if (schema === undefined) return undefined;
	const parsed = schema.safeParse(value);
	if (!parsed.success) throw invalid(place, parsed.error);
	return parsed.data;
}

/** With the cookie's SameSite=Strict this keeps other sites' pages from acting in a user's name. */
const checkOrigin: express.RequestHandler = (request, _response, next) => {
	if (!['GET', 'HEAD'].includes(request.method) && !isOwnOrigin(request)) {
		throw new ProblemError(403, 'The request comes from a page of another site.');
	}
	next();
};

const requireJson: express.RequestHandler = (request, _response, next) => {
	if (!request.is('application/json')) {
		throw new ProblemError(415, 'The body must be JSON, sent as application/json.', { headers: { accept: 'application/json' } });
	}
	next();
};

/** Failed sign-ins are limited for each name and address, and for each address over all names. */
function signInLimits(): express.RequestHandler[] {
	const common = {
		windowMs: 5 * 60_000,
		skipSuccessfulRequests: true,
		standardHeaders: 'draft-8' as const,
		legacyHeaders: false,
		handler: () => {
			throw new ProblemError(429, 'Too many failed sign-ins. Wait five minutes.', { headers: { 'retry-after': '300' } });
		},
	};
	const address = (request: Request) => ipKeyGenerator(request.ip ?? 'unknown');
	const name = (request: Request) => String((request.body as { username?: unknown } | undefined)?.username).slice(0, 64);
	return [
		rateLimit({ ...common, limit: 10, keyGenerator: (request) => `${address(request)} ${name(request)}` }),
		rateLimit({ ...common, limit: 100, keyGenerator: address }),
	];
}

function onError(log: Logger): ErrorRequestHandler {
	return (error: unknown, request: Request, response: Response, _next) => {
		const at = request.originalUrl.split('?')[0]!;
		if (error instanceof ProblemError) {
			sendProblem(response, error.status, error.message, at, error);
			return;
		}
		if (error instanceof FleetServerError && error.code === 'telemetry') {
			log.warn({ reason: error.message, at }, 'the telemetry store did not answer');
			sendProblem(response, 503, 'The telemetry store does not answer.', at, { headers: { 'retry-after': '5' } });
			return;
		}
		if (error instanceof RecordsError) {
			sendProblem(response, error.status, error.message, at, error);
			return;
		}
		if (error instanceof FleetServerError && (error.code === 'conflict' || error.code === 'unfit')) {
			sendProblem(response, error.code === 'conflict' ? 409 : 422, error.message, at);
			return;
		}
		// Errors of express and its parsers carry a status; their messages may quote what was sent.
		const status = Number((error as { status?: unknown } | null)?.status ?? 500);
		if (status >= 400 && status < 500) {
			sendProblem(response, status, STATUS_CODES[status] ?? 'The request cannot be read.', at);
			return;
		}
		log.error({ reason: messageOf(error), stack: error instanceof Error ? error.stack : undefined, at }, 'request failed');
		sendProblem(response, 500, 'The server failed. The log says why.', at);
	};
}
